// SPDX-License-Identifier: Apache-2.0
// The refusals of Azure Blob: code, status and message as its documentation gives them, and how one is
// written into a reply. † in README.md marks what no primary source confirmed.

const ERRORS = {
	AccountIsDisabled: [403, "The specified account is disabled."],
	AccountRequiresHttps: [400, "The account being accessed does not support http."],
	AuthenticationFailed: [403, "Server failed to authenticate the request. Make sure the value of the Authorization header is formed correctly including the signature."],
	AuthorizationFailure: [403, "This request is not authorized to perform this operation."],
	AuthorizationPermissionMismatch: [403, "This request is not authorized to perform this operation using this permission."],
	AuthorizationResourceTypeMismatch: [403, "This request is not authorized to perform this operation using this resource type."],
	AuthorizationSourceIPMismatch: [403, "This request is not authorized to perform this operation using this source IP."],
	BlobApiNotYetSupportedForHierarchicalNamespaceAccounts: [409, "Blob API is not yet supported for hierarchical namespace accounts."],
	BlobArchived: [409, "This operation is not permitted on an archived blob."],
	BlobBeingRehydrated: [409, "This operation is not permitted because the blob is being rehydrated."],
	BlobImmutableDueToLegalHold: [409, "This operation is not permitted as the blob is immutable due to a legal hold."],
	BlobImmutableDueToPolicy: [409, "This operation is not permitted as the blob is immutable due to a policy."],
	BlobNotFound: [404, "The specified blob does not exist."],
	ConditionNotMet: [412, "The condition specified using HTTP conditional header(s) is not met."],
	ContainerBeingDeleted: [409, "The specified container is being deleted."],
	ContainerDisabled: [409, "The specified container has been disabled by the administrator."],
	ContainerNotFound: [404, "The specified container does not exist."],
	FeatureVersionMismatch: [409, "The operation for AppendBlob requires at least version 2015-02-21."],
	InternalError: [500, "Server encountered an internal error. Please try again after some time."],
	InvalidAuthenticationInfo: [401, "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."],
	InvalidHeaderValue: [400, "The value for one of the HTTP headers is not in the correct format."],
	InvalidOperation: [400, "Invalid storage account."],
	InvalidQueryParameterValue: [400, "Value for one of the query parameters specified in the request URI is invalid."],
	InvalidRange: [416, "The range specified is invalid for the current size of the resource."],
	InvalidUri: [400, "The requested URI does not represent any resource on the server."],
	LeaseIdMissing: [412, "There is currently a lease on the blob and no lease ID was specified in the request."],
	NoAuthenticationInformation: [401, "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."],
	NotImplemented: [501, "This fake does not know that operation."],
	OperationTimedOut: [500, "The operation could not be completed within the permitted time."],
	OutOfRangeQueryParameterValue: [400, "One of the query parameters specified in the request URI is outside the permissible range."],
	PublicAccessNotPermitted: [409, "Public access is not permitted on this storage account."],
	ResourceNotFound: [404, "The specified resource does not exist."],
	SnapshotsPresent: [409, "This operation is not permitted because the blob has snapshots."],
	InvalidInput: [400, "One of the request inputs is not valid."],
	ServerBusy: [503, "The server is busy."],
};

/** Thrown wherever the service says no; `details` become further elements of the XML, `headers` of the reply. */
export class Refusal extends Error {
	constructor(code, details = {}, headers = {}) {
		if (!ERRORS[code]) throw new TypeError(`no such error code: ${code}`);
		super(code);
		Object.assign(this, { code, details, headers });
	}
}

export const xml = (text) => !/[&<>]/.test(text) ? text : text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

export function refusalReply({ code, details, headers }, requestId) {
	const [status, message] = ERRORS[code];
	const more = Object.entries(details).map(([name, value]) => `<${name}>${xml(value)}</${name}>`).join("");
	const body = `<?xml version="1.0" encoding="utf-8"?>\n<Error><Code>${code}</Code><Message>${xml(message)}\n`
		+ `RequestId:${requestId}\nTime:${new Date().toISOString()}</Message>${more}</Error>`;
	return { status, headers: { "Content-Type": "application/xml", "x-ms-error-code": code, ...headers }, body };
}
