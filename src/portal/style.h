/* SPDX-License-Identifier: Apache-2.0 */
/* Made by the build of web/style.css: for pages that are kept as files, the style within them. Internal to portal/. */
#ifndef TIDEMARK_PORTAL_STYLE_H
#define TIDEMARK_PORTAL_STYLE_H

extern const char portal_style[];

#endif
