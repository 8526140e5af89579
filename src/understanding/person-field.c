/* SPDX-License-Identifier: Apache-2.0 */
/* Words of headings and labels, each list sorted bytewise and asked by bisection. */
#include "understanding/person-field.h"

#include "base/hash.h"
#include "model/person.h"

#include <stdlib.h>
#include <string.h>

struct phrase {
	const char *words; /* folded, one space apart */
	enum person_field field;
};

/* clang-format off */
/* PERSON_FIELD_NONE: what ends as one of ours and is something else. */
static const struct phrase phrases[] = {
	{"aadhaar", PERSON_FIELD_GOVERNMENT},
	{"abteilung", PERSON_FIELD_EMPLOYMENT},
	{"access token", PERSON_FIELD_CREDENTIALS},
	{"account holder", PERSON_FIELD_NAME},
	{"account name", PERSON_FIELD_ORG},
	{"account no", PERSON_FIELD_FINANCIAL},
	{"account number", PERSON_FIELD_FINANCIAL},
	{"account status", PERSON_FIELD_NONE},
	{"achternaam", PERSON_FIELD_SURNAME},
	{"address", PERSON_FIELD_STREET},
	{"address 1", PERSON_FIELD_STREET},
	{"address 2", PERSON_FIELD_STREET},
	{"address id", PERSON_FIELD_NONE},
	{"address line", PERSON_FIELD_STREET},
	{"address line 1", PERSON_FIELD_STREET},
	{"address line 2", PERSON_FIELD_STREET},
	{"address type", PERSON_FIELD_NONE},
	{"address1", PERSON_FIELD_STREET},
	{"address2", PERSON_FIELD_STREET},
	{"addressid", PERSON_FIELD_NONE},
	{"adresse", PERSON_FIELD_STREET},
	{"adresse 1", PERSON_FIELD_STREET},
	{"adresse courriel", PERSON_FIELD_EMAIL},
	{"adresse e mail", PERSON_FIELD_EMAIL},
	{"adresse electronique", PERSON_FIELD_EMAIL},
	{"adresse email", PERSON_FIELD_EMAIL},
	{"adresse ip", PERSON_FIELD_LOCATION},
	{"adresse mail", PERSON_FIELD_EMAIL},
	{"adresse postale", PERSON_FIELD_STREET},
	{"age", PERSON_FIELD_DOB},
	{"age group", PERSON_FIELD_NONE},
	{"age range", PERSON_FIELD_NONE},
	{"ahv", PERSON_FIELD_GOVERNMENT},
	{"ahv nummer", PERSON_FIELD_GOVERNMENT},
	{"album", PERSON_FIELD_NONE},
	{"album title", PERSON_FIELD_NONE},
	{"alergia", PERSON_FIELD_HEALTH},
	{"alergias", PERSON_FIELD_HEALTH},
	{"allergie", PERSON_FIELD_HEALTH},
	{"allergien", PERSON_FIELD_HEALTH},
	{"allergies", PERSON_FIELD_HEALTH},
	{"allergy", PERSON_FIELD_HEALTH},
	{"alter", PERSON_FIELD_DOB},
	{"alumno", PERSON_FIELD_NAME},
	{"anmeldename", PERSON_FIELD_CREDENTIALS},
	{"annee de naissance", PERSON_FIELD_DOB},
	{"annual income", PERSON_FIELD_FINANCIAL},
	{"annual salary", PERSON_FIELD_FINANCIAL},
	{"anrede", PERSON_FIELD_OTHER},
	{"anschrift", PERSON_FIELD_STREET},
	{"ansprechpartner", PERSON_FIELD_NAME},
	{"ansprechpartnerin", PERSON_FIELD_NAME},
	{"antecedents", PERSON_FIELD_HEALTH},
	{"antecedents medicaux", PERSON_FIELD_HEALTH},
	{"anzahl kinder", PERSON_FIELD_OTHER},
	{"apellido", PERSON_FIELD_SURNAME},
	{"apellidos", PERSON_FIELD_SURNAME},
	{"apellidos y nombre", PERSON_FIELD_NAME},
	{"api key", PERSON_FIELD_CREDENTIALS},
	{"app name", PERSON_FIELD_NONE},
	{"applicant", PERSON_FIELD_NAME},
	{"applicant name", PERSON_FIELD_NAME},
	{"application name", PERSON_FIELD_NONE},
	{"arbeitgeber", PERSON_FIELD_ORG},
	{"arret maladie", PERSON_FIELD_HEALTH},
	{"artikelname", PERSON_FIELD_NONE},
	{"artist", PERSON_FIELD_NONE},
	{"artist id", PERSON_FIELD_NONE},
	{"arzt", PERSON_FIELD_HEALTH},
	{"asegurado", PERSON_FIELD_NAME},
	{"assure", PERSON_FIELD_NAME},
	{"attendee", PERSON_FIELD_NAME},
	{"attendee name", PERSON_FIELD_NAME},
	{"attending physician", PERSON_FIELD_HEALTH},
	{"au tage", PERSON_FIELD_HEALTH},
	{"austrittsdatum", PERSON_FIELD_EMPLOYMENT},
	{"ausweis nr", PERSON_FIELD_GOVERNMENT},
	{"ausweisnummer", PERSON_FIELD_GOVERNMENT},
	{"baja medica", PERSON_FIELD_HEALTH},
	{"bank", PERSON_FIELD_FINANCIAL},
	{"bank account", PERSON_FIELD_FINANCIAL},
	{"bank account number", PERSON_FIELD_FINANCIAL},
	{"bank name", PERSON_FIELD_NONE},
	{"bankverbindung", PERSON_FIELD_FINANCIAL},
	{"base salary", PERSON_FIELD_FINANCIAL},
	{"befund", PERSON_FIELD_HEALTH},
	{"behandlung", PERSON_FIELD_HEALTH},
	{"behinderung", PERSON_FIELD_HEALTH},
	{"beneficiary", PERSON_FIELD_NAME},
	{"beneficiary name", PERSON_FIELD_NAME},
	{"benutzer", PERSON_FIELD_CREDENTIALS},
	{"benutzerkennung", PERSON_FIELD_CREDENTIALS},
	{"benutzername", PERSON_FIELD_CREDENTIALS},
	{"beruf", PERSON_FIELD_ROLE},
	{"berufsbezeichnung", PERSON_FIELD_ROLE},
	{"bewerber", PERSON_FIELD_NAME},
	{"bic", PERSON_FIELD_FINANCIAL},
	{"billing address", PERSON_FIELD_STREET},
	{"birth date", PERSON_FIELD_DOB},
	{"birth day", PERSON_FIELD_DOB},
	{"birth place", PERSON_FIELD_OTHER},
	{"birthdate", PERSON_FIELD_DOB},
	{"birthday", PERSON_FIELD_DOB},
	{"birthplace", PERSON_FIELD_OTHER},
	{"blood group", PERSON_FIELD_HEALTH},
	{"blood type", PERSON_FIELD_HEALTH},
	{"bloodtype", PERSON_FIELD_HEALTH},
	{"blutgruppe", PERSON_FIELD_HEALTH},
	{"bmi", PERSON_FIELD_HEALTH},
	{"bonus", PERSON_FIELD_FINANCIAL},
	{"book title", PERSON_FIELD_NONE},
	{"born", PERSON_FIELD_DOB},
	{"born on", PERSON_FIELD_DOB},
	{"brand name", PERSON_FIELD_NONE},
	{"breitengrad", PERSON_FIELD_LOCATION},
	{"bruttogehalt", PERSON_FIELD_FINANCIAL},
	{"bundesland", PERSON_FIELD_STATE},
	{"business", PERSON_FIELD_ORG},
	{"business email sent", PERSON_FIELD_NONE},
	{"business name", PERSON_FIELD_ORG},
	{"calle", PERSON_FIELD_STREET},
	{"campaign name", PERSON_FIELD_NONE},
	{"candidat", PERSON_FIELD_NAME},
	{"candidate", PERSON_FIELD_NAME},
	{"candidate name", PERSON_FIELD_NAME},
	{"candidato", PERSON_FIELD_NAME},
	{"card number", PERSON_FIELD_FINANCIAL},
	{"cardholder", PERSON_FIELD_NAME},
	{"cardholder name", PERSON_FIELD_NAME},
	{"cargo", PERSON_FIELD_ROLE},
	{"carte bancaire", PERSON_FIELD_FINANCIAL},
	{"carte d identite", PERSON_FIELD_GOVERNMENT},
	{"carte de credit", PERSON_FIELD_FINANCIAL},
	{"category name", PERSON_FIELD_NONE},
	{"cc number", PERSON_FIELD_FINANCIAL},
	{"ccnumber", PERSON_FIELD_FINANCIAL},
	{"cedula", PERSON_FIELD_GOVERNMENT},
	{"cell", PERSON_FIELD_PHONE},
	{"cell number", PERSON_FIELD_PHONE},
	{"cell phone", PERSON_FIELD_PHONE},
	{"cellphone", PERSON_FIELD_PHONE},
	{"celular", PERSON_FIELD_PHONE},
	{"children", PERSON_FIELD_OTHER},
	{"citizen id", PERSON_FIELD_GOVERNMENT},
	{"citizenship", PERSON_FIELD_OTHER},
	{"city", PERSON_FIELD_CITY},
	{"city name", PERSON_FIELD_CITY},
	{"ciudad", PERSON_FIELD_CITY},
	{"civil status", PERSON_FIELD_OTHER},
	{"civilite", PERSON_FIELD_OTHER},
	{"class name", PERSON_FIELD_NONE},
	{"clave", PERSON_FIELD_CREDENTIALS},
	{"client", PERSON_FIELD_NAME},
	{"client id", PERSON_FIELD_NONE},
	{"client name", PERSON_FIELD_NAME},
	{"client type", PERSON_FIELD_NONE},
	{"cliente", PERSON_FIELD_NAME},
	{"code pays", PERSON_FIELD_COUNTRY},
	{"code postal", PERSON_FIELD_POSTCODE},
	{"codigo pais", PERSON_FIELD_COUNTRY},
	{"codigo postal", PERSON_FIELD_POSTCODE},
	{"column name", PERSON_FIELD_NONE},
	{"commune", PERSON_FIELD_CITY},
	{"company", PERSON_FIELD_ORG},
	{"company id", PERSON_FIELD_NONE},
	{"company name", PERSON_FIELD_ORG},
	{"company organization", PERSON_FIELD_ORG},
	{"companyid", PERSON_FIELD_NONE},
	{"compte bancaire", PERSON_FIELD_FINANCIAL},
	{"comunidad autonoma", PERSON_FIELD_STATE},
	{"conditions", PERSON_FIELD_HEALTH},
	{"contact", PERSON_FIELD_NAME},
	{"contact id", PERSON_FIELD_NONE},
	{"contact name", PERSON_FIELD_NAME},
	{"contact no", PERSON_FIELD_PHONE},
	{"contact number", PERSON_FIELD_PHONE},
	{"contact person", PERSON_FIELD_NAME},
	{"contact type", PERSON_FIELD_NONE},
	{"contacto", PERSON_FIELD_NAME},
	{"contrasena", PERSON_FIELD_CREDENTIALS},
	{"coordenadas", PERSON_FIELD_LOCATION},
	{"coordinates", PERSON_FIELD_LOCATION},
	{"coordonnees gps", PERSON_FIELD_LOCATION},
	{"corporation", PERSON_FIELD_ORG},
	{"correo", PERSON_FIELD_EMAIL},
	{"correo electronico", PERSON_FIELD_EMAIL},
	{"country", PERSON_FIELD_COUNTRY},
	{"country code", PERSON_FIELD_COUNTRY},
	{"country name", PERSON_FIELD_COUNTRY},
	{"country of residence", PERSON_FIELD_COUNTRY},
	{"country region", PERSON_FIELD_COUNTRY},
	{"countryregion", PERSON_FIELD_COUNTRY},
	{"county", PERSON_FIELD_CITY},
	{"courriel", PERSON_FIELD_EMAIL},
	{"covid", PERSON_FIELD_HEALTH},
	{"covid test", PERSON_FIELD_HEALTH},
	{"cp", PERSON_FIELD_POSTCODE},
	{"cpf", PERSON_FIELD_GOVERNMENT},
	{"credit card", PERSON_FIELD_FINANCIAL},
	{"credit card number", PERSON_FIELD_FINANCIAL},
	{"credit limit", PERSON_FIELD_FINANCIAL},
	{"credit score", PERSON_FIELD_FINANCIAL},
	{"cuenta", PERSON_FIELD_FINANCIAL},
	{"cuenta bancaria", PERSON_FIELD_FINANCIAL},
	{"curp", PERSON_FIELD_GOVERNMENT},
	{"customer", PERSON_FIELD_NAME},
	{"customer id", PERSON_FIELD_NONE},
	{"customer name", PERSON_FIELD_NAME},
	{"customer type", PERSON_FIELD_NONE},
	{"cvv", PERSON_FIELD_FINANCIAL},
	{"database name", PERSON_FIELD_NONE},
	{"date d embauche", PERSON_FIELD_EMPLOYMENT},
	{"date de naissance", PERSON_FIELD_DOB},
	{"date hired", PERSON_FIELD_EMPLOYMENT},
	{"date of birth", PERSON_FIELD_DOB},
	{"dateiname", PERSON_FIELD_NONE},
	{"delivery address", PERSON_FIELD_STREET},
	{"departamento", PERSON_FIELD_EMPLOYMENT},
	{"departement", PERSON_FIELD_EMPLOYMENT},
	{"departement residence", PERSON_FIELD_STATE},
	{"department", PERSON_FIELD_EMPLOYMENT},
	{"department name", PERSON_FIELD_NONE},
	{"dept", PERSON_FIELD_EMPLOYMENT},
	{"designation", PERSON_FIELD_ROLE},
	{"deuxieme prenom", PERSON_FIELD_GIVEN},
	{"device id", PERSON_FIELD_NONE},
	{"device name", PERSON_FIELD_NONE},
	{"diagnose", PERSON_FIELD_HEALTH},
	{"diagnosen", PERSON_FIELD_HEALTH},
	{"diagnoses", PERSON_FIELD_HEALTH},
	{"diagnoseschlussel", PERSON_FIELD_HEALTH},
	{"diagnosis", PERSON_FIELD_HEALTH},
	{"diagnosis code", PERSON_FIELD_HEALTH},
	{"diagnostic", PERSON_FIELD_HEALTH},
	{"diagnostico", PERSON_FIELD_HEALTH},
	{"diagnostique", PERSON_FIELD_HEALTH},
	{"dienststellung", PERSON_FIELD_ROLE},
	{"direccion", PERSON_FIELD_STREET},
	{"direccion de correo", PERSON_FIELD_EMAIL},
	{"direccion de correo electronico", PERSON_FIELD_EMAIL},
	{"direccion email", PERSON_FIELD_EMAIL},
	{"direccion ip", PERSON_FIELD_LOCATION},
	{"direccion postal", PERSON_FIELD_STREET},
	{"direct line", PERSON_FIELD_PHONE},
	{"disability", PERSON_FIELD_HEALTH},
	{"discapacidad", PERSON_FIELD_HEALTH},
	{"disease", PERSON_FIELD_HEALTH},
	{"display name", PERSON_FIELD_NAME},
	{"dni", PERSON_FIELD_GOVERNMENT},
	{"dob", PERSON_FIELD_DOB},
	{"doctor", PERSON_FIELD_HEALTH},
	{"document title", PERSON_FIELD_NONE},
	{"documento de identidad", PERSON_FIELD_GOVERNMENT},
	{"domain name", PERSON_FIELD_NONE},
	{"domicile", PERSON_FIELD_STREET},
	{"domicilio", PERSON_FIELD_STREET},
	{"driver license", PERSON_FIELD_GOVERNMENT},
	{"driver s license", PERSON_FIELD_GOVERNMENT},
	{"drivers license", PERSON_FIELD_GOVERNMENT},
	{"drivers license number", PERSON_FIELD_GOVERNMENT},
	{"driving licence", PERSON_FIELD_GOVERNMENT},
	{"durchwahl", PERSON_FIELD_PHONE},
	{"e mail", PERSON_FIELD_EMAIL},
	{"e mail address", PERSON_FIELD_EMAIL},
	{"e mail adresse", PERSON_FIELD_EMAIL},
	{"e mails", PERSON_FIELD_EMAIL},
	{"edad", PERSON_FIELD_DOB},
	{"einkommen", PERSON_FIELD_FINANCIAL},
	{"eintritt", PERSON_FIELD_EMPLOYMENT},
	{"eintrittsdatum", PERSON_FIELD_EMPLOYMENT},
	{"elektronische post", PERSON_FIELD_EMAIL},
	{"eleve", PERSON_FIELD_NAME},
	{"email", PERSON_FIELD_EMAIL},
	{"email address", PERSON_FIELD_EMAIL},
	{"email adresse", PERSON_FIELD_EMAIL},
	{"email body", PERSON_FIELD_NONE},
	{"email count", PERSON_FIELD_NONE},
	{"email id", PERSON_FIELD_EMAIL},
	{"email sent", PERSON_FIELD_NONE},
	{"email status", PERSON_FIELD_NONE},
	{"email subject", PERSON_FIELD_NONE},
	{"email type", PERSON_FIELD_NONE},
	{"emailadresse", PERSON_FIELD_EMAIL},
	{"emails", PERSON_FIELD_EMAIL},
	{"emp id", PERSON_FIELD_EMPLOYMENT},
	{"emp no", PERSON_FIELD_EMPLOYMENT},
	{"empleado", PERSON_FIELD_NAME},
	{"empleador", PERSON_FIELD_ORG},
	{"employee", PERSON_FIELD_NAME},
	{"employee id", PERSON_FIELD_EMPLOYMENT},
	{"employee name", PERSON_FIELD_NAME},
	{"employee no", PERSON_FIELD_EMPLOYMENT},
	{"employee number", PERSON_FIELD_EMPLOYMENT},
	{"employer", PERSON_FIELD_ORG},
	{"employer name", PERSON_FIELD_ORG},
	{"employeur", PERSON_FIELD_ORG},
	{"employment status", PERSON_FIELD_EMPLOYMENT},
	{"employment type", PERSON_FIELD_EMPLOYMENT},
	{"empresa", PERSON_FIELD_ORG},
	{"enfermedad", PERSON_FIELD_HEALTH},
	{"enfermedades", PERSON_FIELD_HEALTH},
	{"entreprise", PERSON_FIELD_ORG},
	{"erkrankung", PERSON_FIELD_HEALTH},
	{"erkrankungen", PERSON_FIELD_HEALTH},
	{"estado civil", PERSON_FIELD_OTHER},
	{"etat civil", PERSON_FIELD_OTHER},
	{"ethnic group", PERSON_FIELD_OTHER},
	{"ethnicity", PERSON_FIELD_OTHER},
	{"etnia", PERSON_FIELD_OTHER},
	{"event name", PERSON_FIELD_NONE},
	{"f nacimiento", PERSON_FIELD_DOB},
	{"facebook", PERSON_FIELD_OTHER},
	{"familienname", PERSON_FIELD_SURNAME},
	{"familienstand", PERSON_FIELD_OTHER},
	{"family name", PERSON_FIELD_SURNAME},
	{"familyname", PERSON_FIELD_SURNAME},
	{"fecha de contratacion", PERSON_FIELD_EMPLOYMENT},
	{"fecha de ingreso", PERSON_FIELD_EMPLOYMENT},
	{"fecha de nacimiento", PERSON_FIELD_DOB},
	{"fecha nacimiento", PERSON_FIELD_DOB},
	{"festnetz", PERSON_FIELD_PHONE},
	{"field name", PERSON_FIELD_NONE},
	{"file name", PERSON_FIELD_NONE},
	{"filename", PERSON_FIELD_NONE},
	{"firm", PERSON_FIELD_ORG},
	{"firma", PERSON_FIELD_ORG},
	{"firmenname", PERSON_FIELD_ORG},
	{"first", PERSON_FIELD_GIVEN},
	{"first name", PERSON_FIELD_GIVEN},
	{"first name count", PERSON_FIELD_NONE},
	{"first page", PERSON_FIELD_NONE},
	{"first row", PERSON_FIELD_NONE},
	{"first seen", PERSON_FIELD_NONE},
	{"firstname", PERSON_FIELD_GIVEN},
	{"fname", PERSON_FIELD_GIVEN},
	{"folder name", PERSON_FIELD_NONE},
	{"fonction", PERSON_FIELD_ROLE},
	{"forename", PERSON_FIELD_GIVEN},
	{"fuhrerschein", PERSON_FIELD_GOVERNMENT},
	{"fuhrerscheinnummer", PERSON_FIELD_GOVERNMENT},
	{"full name", PERSON_FIELD_NAME},
	{"fullname", PERSON_FIELD_NAME},
	{"funcion", PERSON_FIELD_ROLE},
	{"function", PERSON_FIELD_ROLE},
	{"funktion", PERSON_FIELD_ROLE},
	{"gast", PERSON_FIELD_NAME},
	{"geb", PERSON_FIELD_DOB},
	{"geb datum", PERSON_FIELD_DOB},
	{"gebdat", PERSON_FIELD_DOB},
	{"geboren", PERSON_FIELD_DOB},
	{"geboren am", PERSON_FIELD_DOB},
	{"geburtsdatum", PERSON_FIELD_DOB},
	{"geburtsjahr", PERSON_FIELD_DOB},
	{"geburtsname", PERSON_FIELD_SURNAME},
	{"geburtsort", PERSON_FIELD_OTHER},
	{"geburtstag", PERSON_FIELD_DOB},
	{"gehalt", PERSON_FIELD_FINANCIAL},
	{"gender", PERSON_FIELD_OTHER},
	{"genero", PERSON_FIELD_OTHER},
	{"genre", PERSON_FIELD_OTHER},
	{"genre id", PERSON_FIELD_NONE},
	{"genre name", PERSON_FIELD_NONE},
	{"genreid", PERSON_FIELD_NONE},
	{"geolocation", PERSON_FIELD_LOCATION},
	{"geschlecht", PERSON_FIELD_OTHER},
	{"gewerkschaft", PERSON_FIELD_OTHER},
	{"given name", PERSON_FIELD_GIVEN},
	{"givenname", PERSON_FIELD_GIVEN},
	{"gps", PERSON_FIELD_LOCATION},
	{"gps coordinates", PERSON_FIELD_LOCATION},
	{"grad der behinderung", PERSON_FIELD_HEALTH},
	{"gross pay", PERSON_FIELD_FINANCIAL},
	{"group name", PERSON_FIELD_NONE},
	{"groupe sanguin", PERSON_FIELD_HEALTH},
	{"grupo sanguineo", PERSON_FIELD_HEALTH},
	{"gsm", PERSON_FIELD_PHONE},
	{"guest", PERSON_FIELD_NAME},
	{"guest count", PERSON_FIELD_NONE},
	{"guest name", PERSON_FIELD_NAME},
	{"handicap", PERSON_FIELD_HEALTH},
	{"handy", PERSON_FIELD_PHONE},
	{"handynummer", PERSON_FIELD_PHONE},
	{"hashed password", PERSON_FIELD_CREDENTIALS},
	{"hausarzt", PERSON_FIELD_HEALTH},
	{"hausnummer", PERSON_FIELD_STREET},
	{"health check", PERSON_FIELD_NONE},
	{"health insurance number", PERSON_FIELD_HEALTH},
	{"health status", PERSON_FIELD_HEALTH},
	{"health status url", PERSON_FIELD_NONE},
	{"height cm", PERSON_FIELD_HEALTH},
	{"hijos", PERSON_FIELD_OTHER},
	{"hire date", PERSON_FIELD_EMPLOYMENT},
	{"hired", PERSON_FIELD_EMPLOYMENT},
	{"historia clinica", PERSON_FIELD_HEALTH},
	{"hiv status", PERSON_FIELD_HEALTH},
	{"hobbies", PERSON_FIELD_OTHER},
	{"home address", PERSON_FIELD_STREET},
	{"home phone", PERSON_FIELD_PHONE},
	{"hospital name", PERSON_FIELD_ORG},
	{"host name", PERSON_FIELD_NONE},
	{"hostname", PERSON_FIELD_NONE},
	{"house number", PERSON_FIELD_STREET},
	{"iban", PERSON_FIELD_FINANCIAL},
	{"icd", PERSON_FIELD_HEALTH},
	{"icd 10", PERSON_FIELD_HEALTH},
	{"icd code", PERSON_FIELD_HEALTH},
	{"icd10", PERSON_FIELD_HEALTH},
	{"id card", PERSON_FIELD_GOVERNMENT},
	{"id card number", PERSON_FIELD_GOVERNMENT},
	{"identifiant", PERSON_FIELD_CREDENTIALS},
	{"identity card", PERSON_FIELD_GOVERNMENT},
	{"identity number", PERSON_FIELD_GOVERNMENT},
	{"idnr", PERSON_FIELD_GOVERNMENT},
	{"illness", PERSON_FIELD_HEALTH},
	{"immatriculation", PERSON_FIELD_OTHER},
	{"impfstatus", PERSON_FIELD_HEALTH},
	{"impfung", PERSON_FIELD_HEALTH},
	{"income", PERSON_FIELD_FINANCIAL},
	{"ingresos", PERSON_FIELD_FINANCIAL},
	{"inhaber", PERSON_FIELD_NAME},
	{"inquilino", PERSON_FIELD_NAME},
	{"institution", PERSON_FIELD_ORG},
	{"insurance member id", PERSON_FIELD_HEALTH},
	{"insured", PERSON_FIELD_NAME},
	{"interlocuteur", PERSON_FIELD_NAME},
	{"intitule de poste", PERSON_FIELD_ROLE},
	{"intitule du poste", PERSON_FIELD_ROLE},
	{"ip", PERSON_FIELD_LOCATION},
	{"ip address", PERSON_FIELD_LOCATION},
	{"ip adresse", PERSON_FIELD_LOCATION},
	{"ip range", PERSON_FIELD_NONE},
	{"ip version", PERSON_FIELD_NONE},
	{"item name", PERSON_FIELD_NONE},
	{"itin", PERSON_FIELD_GOVERNMENT},
	{"jahresgehalt", PERSON_FIELD_FINANCIAL},
	{"job", PERSON_FIELD_ROLE},
	{"job name", PERSON_FIELD_NONE},
	{"job role", PERSON_FIELD_ROLE},
	{"job title", PERSON_FIELD_ROLE},
	{"jobtitle", PERSON_FIELD_ROLE},
	{"jours de maladie", PERSON_FIELD_HEALTH},
	{"karteninhaber", PERSON_FIELD_NAME},
	{"kennwort", PERSON_FIELD_CREDENTIALS},
	{"kennzeichen", PERSON_FIELD_OTHER},
	{"kinder", PERSON_FIELD_OTHER},
	{"konfession", PERSON_FIELD_OTHER},
	{"kontaktperson", PERSON_FIELD_NAME},
	{"konto", PERSON_FIELD_FINANCIAL},
	{"kontoinhaber", PERSON_FIELD_NAME},
	{"kontonummer", PERSON_FIELD_FINANCIAL},
	{"kostenstelle", PERSON_FIELD_EMPLOYMENT},
	{"krankenkasse", PERSON_FIELD_HEALTH},
	{"krankenversichertennummer", PERSON_FIELD_HEALTH},
	{"krankenversicherung", PERSON_FIELD_HEALTH},
	{"krankheit", PERSON_FIELD_HEALTH},
	{"krankheiten", PERSON_FIELD_HEALTH},
	{"krankheitstage", PERSON_FIELD_HEALTH},
	{"krankmeldung", PERSON_FIELD_HEALTH},
	{"kreditkarte", PERSON_FIELD_FINANCIAL},
	{"kreditkartennummer", PERSON_FIELD_FINANCIAL},
	{"kunde", PERSON_FIELD_NAME},
	{"kundenname", PERSON_FIELD_NAME},
	{"kundin", PERSON_FIELD_NAME},
	{"land", PERSON_FIELD_COUNTRY},
	{"land use", PERSON_FIELD_NONE},
	{"landercode", PERSON_FIELD_COUNTRY},
	{"landeskennzeichen", PERSON_FIELD_COUNTRY},
	{"landline", PERSON_FIELD_PHONE},
	{"langengrad", PERSON_FIELD_LOCATION},
	{"language", PERSON_FIELD_OTHER},
	{"last", PERSON_FIELD_SURNAME},
	{"last change", PERSON_FIELD_NONE},
	{"last ip", PERSON_FIELD_LOCATION},
	{"last location", PERSON_FIELD_LOCATION},
	{"last login", PERSON_FIELD_NONE},
	{"last modified", PERSON_FIELD_NONE},
	{"last name", PERSON_FIELD_SURNAME},
	{"last page", PERSON_FIELD_NONE},
	{"last row", PERSON_FIELD_NONE},
	{"last seen", PERSON_FIELD_NONE},
	{"last update", PERSON_FIELD_NONE},
	{"last updated", PERSON_FIELD_NONE},
	{"lastname", PERSON_FIELD_SURNAME},
	{"lat", PERSON_FIELD_LOCATION},
	{"latitude", PERSON_FIELD_LOCATION},
	{"legal entity", PERSON_FIELD_ORG},
	{"legal name", PERSON_FIELD_ORG},
	{"license number", PERSON_FIELD_GOVERNMENT},
	{"license plate", PERSON_FIELD_OTHER},
	{"lieu de naissance", PERSON_FIELD_OTHER},
	{"lieu de residence", PERSON_FIELD_CITY},
	{"ligne directe", PERSON_FIELD_PHONE},
	{"linkedin", PERSON_FIELD_OTHER},
	{"linkedin url", PERSON_FIELD_OTHER},
	{"list name", PERSON_FIELD_NONE},
	{"lname", PERSON_FIELD_SURNAME},
	{"lng", PERSON_FIELD_LOCATION},
	{"localidad", PERSON_FIELD_CITY},
	{"localite", PERSON_FIELD_CITY},
	{"locality", PERSON_FIELD_CITY},
	{"locataire", PERSON_FIELD_NAME},
	{"location", PERSON_FIELD_LOCATION},
	{"login", PERSON_FIELD_CREDENTIALS},
	{"login count", PERSON_FIELD_NONE},
	{"login date", PERSON_FIELD_NONE},
	{"login ip", PERSON_FIELD_LOCATION},
	{"login name", PERSON_FIELD_CREDENTIALS},
	{"lohn", PERSON_FIELD_FINANCIAL},
	{"lon", PERSON_FIELD_LOCATION},
	{"longitude", PERSON_FIELD_LOCATION},
	{"lugar de nacimiento", PERSON_FIELD_OTHER},
	{"maiden name", PERSON_FIELD_SURNAME},
	{"mail", PERSON_FIELD_EMAIL},
	{"mail address", PERSON_FIELD_EMAIL},
	{"mail date", PERSON_FIELD_NONE},
	{"mail host", PERSON_FIELD_NONE},
	{"mail id", PERSON_FIELD_EMAIL},
	{"mail server", PERSON_FIELD_NONE},
	{"mail subject", PERSON_FIELD_NONE},
	{"mail text", PERSON_FIELD_NONE},
	{"mailadresse", PERSON_FIELD_EMAIL},
	{"mailing address", PERSON_FIELD_STREET},
	{"mails", PERSON_FIELD_EMAIL},
	{"maladie", PERSON_FIELD_HEALTH},
	{"maladies", PERSON_FIELD_HEALTH},
	{"manager id", PERSON_FIELD_EMPLOYMENT},
	{"mandant", PERSON_FIELD_ORG},
	{"marital status", PERSON_FIELD_OTHER},
	{"matricula", PERSON_FIELD_OTHER},
	{"matricule", PERSON_FIELD_EMPLOYMENT},
	{"mdp", PERSON_FIELD_CREDENTIALS},
	{"medecin", PERSON_FIELD_HEALTH},
	{"medecin traitant", PERSON_FIELD_HEALTH},
	{"media type", PERSON_FIELD_NONE},
	{"medicacion", PERSON_FIELD_HEALTH},
	{"medical condition", PERSON_FIELD_HEALTH},
	{"medical history", PERSON_FIELD_HEALTH},
	{"medical record", PERSON_FIELD_HEALTH},
	{"medical record number", PERSON_FIELD_HEALTH},
	{"medicament", PERSON_FIELD_HEALTH},
	{"medicamento", PERSON_FIELD_HEALTH},
	{"medicamentos", PERSON_FIELD_HEALTH},
	{"medicaments", PERSON_FIELD_HEALTH},
	{"medication", PERSON_FIELD_HEALTH},
	{"medications", PERSON_FIELD_HEALTH},
	{"medico", PERSON_FIELD_HEALTH},
	{"medikament", PERSON_FIELD_HEALTH},
	{"medikamente", PERSON_FIELD_HEALTH},
	{"medikation", PERSON_FIELD_HEALTH},
	{"member", PERSON_FIELD_NAME},
	{"member id", PERSON_FIELD_NONE},
	{"member name", PERSON_FIELD_NAME},
	{"member since", PERSON_FIELD_NONE},
	{"membre", PERSON_FIELD_NAME},
	{"method name", PERSON_FIELD_NONE},
	{"metier", PERSON_FIELD_ROLE},
	{"middle name", PERSON_FIELD_GIVEN},
	{"middlename", PERSON_FIELD_GIVEN},
	{"miembro", PERSON_FIELD_NAME},
	{"mieter", PERSON_FIELD_NAME},
	{"mitarbeiter", PERSON_FIELD_NAME},
	{"mitarbeiter nr", PERSON_FIELD_EMPLOYMENT},
	{"mitarbeiterin", PERSON_FIELD_NAME},
	{"mitarbeitername", PERSON_FIELD_NAME},
	{"mitarbeiternummer", PERSON_FIELD_EMPLOYMENT},
	{"mitglied", PERSON_FIELD_NAME},
	{"mobil", PERSON_FIELD_PHONE},
	{"mobile", PERSON_FIELD_PHONE},
	{"mobile no", PERSON_FIELD_PHONE},
	{"mobile number", PERSON_FIELD_PHONE},
	{"mobile phone", PERSON_FIELD_PHONE},
	{"mobilfunk", PERSON_FIELD_PHONE},
	{"mobilnummer", PERSON_FIELD_PHONE},
	{"mobiltelefon", PERSON_FIELD_PHONE},
	{"model name", PERSON_FIELD_NONE},
	{"monatsgehalt", PERSON_FIELD_FINANCIAL},
	{"monthly salary", PERSON_FIELD_FINANCIAL},
	{"mot de passe", PERSON_FIELD_CREDENTIALS},
	{"movie title", PERSON_FIELD_NONE},
	{"movil", PERSON_FIELD_PHONE},
	{"mrn", PERSON_FIELD_HEALTH},
	{"municipio", PERSON_FIELD_CITY},
	{"mutuelle", PERSON_FIELD_HEALTH},
	{"nachname", PERSON_FIELD_SURNAME},
	{"nachname vorname", PERSON_FIELD_NAME},
	{"nacimiento", PERSON_FIELD_DOB},
	{"nacionalidad", PERSON_FIELD_OTHER},
	{"naissance", PERSON_FIELD_DOB},
	{"name", PERSON_FIELD_NAME},
	{"name des mitarbeiters", PERSON_FIELD_NAME},
	{"name des patienten", PERSON_FIELD_NAME},
	{"name vorname", PERSON_FIELD_NAME},
	{"nation", PERSON_FIELD_COUNTRY},
	{"national id", PERSON_FIELD_GOVERNMENT},
	{"national id number", PERSON_FIELD_GOVERNMENT},
	{"national insurance number", PERSON_FIELD_GOVERNMENT},
	{"nationalitat", PERSON_FIELD_OTHER},
	{"nationalite", PERSON_FIELD_OTHER},
	{"nationality", PERSON_FIELD_OTHER},
	{"ne le", PERSON_FIELD_DOB},
	{"nee le", PERSON_FIELD_DOB},
	{"net pay", PERSON_FIELD_FINANCIAL},
	{"nettogehalt", PERSON_FIELD_FINANCIAL},
	{"nhs number", PERSON_FIELD_GOVERNMENT},
	{"ni number", PERSON_FIELD_GOVERNMENT},
	{"nie", PERSON_FIELD_GOVERNMENT},
	{"nif", PERSON_FIELD_GOVERNMENT},
	{"nin", PERSON_FIELD_GOVERNMENT},
	{"nir", PERSON_FIELD_GOVERNMENT},
	{"no de telephone", PERSON_FIELD_PHONE},
	{"nom", PERSON_FIELD_SURNAME},
	{"nom complet", PERSON_FIELD_NAME},
	{"nom d utilisateur", PERSON_FIELD_CREDENTIALS},
	{"nom de famille", PERSON_FIELD_SURNAME},
	{"nom de famille et prenom", PERSON_FIELD_NAME},
	{"nom de fichier", PERSON_FIELD_NONE},
	{"nom de jeune fille", PERSON_FIELD_SURNAME},
	{"nom de l assure", PERSON_FIELD_NAME},
	{"nom de l employe", PERSON_FIELD_NAME},
	{"nom de l entreprise", PERSON_FIELD_ORG},
	{"nom de la societe", PERSON_FIELD_ORG},
	{"nom de naissance", PERSON_FIELD_SURNAME},
	{"nom du client", PERSON_FIELD_NAME},
	{"nom du fichier", PERSON_FIELD_NONE},
	{"nom du patient", PERSON_FIELD_NAME},
	{"nom du produit", PERSON_FIELD_NONE},
	{"nom du salarie", PERSON_FIELD_NAME},
	{"nom et prenom", PERSON_FIELD_NAME},
	{"nom prenom", PERSON_FIELD_NAME},
	{"nombre", PERSON_FIELD_GIVEN},
	{"nombre completo", PERSON_FIELD_NAME},
	{"nombre d enfants", PERSON_FIELD_OTHER},
	{"nombre de archivo", PERSON_FIELD_NONE},
	{"nombre de la empresa", PERSON_FIELD_ORG},
	{"nombre de pila", PERSON_FIELD_GIVEN},
	{"nombre de usuario", PERSON_FIELD_CREDENTIALS},
	{"nombre del cliente", PERSON_FIELD_NAME},
	{"nombre del empleado", PERSON_FIELD_NAME},
	{"nombre del paciente", PERSON_FIELD_NAME},
	{"nombre del producto", PERSON_FIELD_NONE},
	{"nombre empresa", PERSON_FIELD_ORG},
	{"nombre producto", PERSON_FIELD_NONE},
	{"nombre y apellido", PERSON_FIELD_NAME},
	{"nombre y apellidos", PERSON_FIELD_NAME},
	{"nombres", PERSON_FIELD_GIVEN},
	{"nss", PERSON_FIELD_GOVERNMENT},
	{"number of children", PERSON_FIELD_OTHER},
	{"numero de carte", PERSON_FIELD_FINANCIAL},
	{"numero de carte d identite", PERSON_FIELD_GOVERNMENT},
	{"numero de compte", PERSON_FIELD_FINANCIAL},
	{"numero de cuenta", PERSON_FIELD_FINANCIAL},
	{"numero de empleado", PERSON_FIELD_EMPLOYMENT},
	{"numero de historia clinica", PERSON_FIELD_HEALTH},
	{"numero de identidad", PERSON_FIELD_GOVERNMENT},
	{"numero de pasaporte", PERSON_FIELD_GOVERNMENT},
	{"numero de passeport", PERSON_FIELD_GOVERNMENT},
	{"numero de securite sociale", PERSON_FIELD_GOVERNMENT},
	{"numero de seguridad social", PERSON_FIELD_GOVERNMENT},
	{"numero de tarjeta", PERSON_FIELD_FINANCIAL},
	{"numero de telefono", PERSON_FIELD_PHONE},
	{"numero de telephone", PERSON_FIELD_PHONE},
	{"numero fiscal", PERSON_FIELD_GOVERNMENT},
	{"numero securite sociale", PERSON_FIELD_GOVERNMENT},
	{"numero seguridad social", PERSON_FIELD_GOVERNMENT},
	{"o", PERSON_FIELD_ORG},
	{"occupation", PERSON_FIELD_ROLE},
	{"ocupacion", PERSON_FIELD_ROLE},
	{"org", PERSON_FIELD_ORG},
	{"organisation", PERSON_FIELD_ORG},
	{"organisation name", PERSON_FIELD_ORG},
	{"organisme", PERSON_FIELD_ORG},
	{"organizacion", PERSON_FIELD_ORG},
	{"organization", PERSON_FIELD_ORG},
	{"organization name", PERSON_FIELD_ORG},
	{"origine ethnique", PERSON_FIELD_OTHER},
	{"ort", PERSON_FIELD_CITY},
	{"ort der leistung", PERSON_FIELD_NONE},
	{"ortsname", PERSON_FIELD_NONE},
	{"owner", PERSON_FIELD_NAME},
	{"owner id", PERSON_FIELD_NONE},
	{"owner name", PERSON_FIELD_NAME},
	{"owner type", PERSON_FIELD_NONE},
	{"paciente", PERSON_FIELD_NAME},
	{"package name", PERSON_FIELD_NONE},
	{"page title", PERSON_FIELD_NONE},
	{"pais", PERSON_FIELD_COUNTRY},
	{"pais de residencia", PERSON_FIELD_COUNTRY},
	{"pan", PERSON_FIELD_FINANCIAL},
	{"parteizugehorigkeit", PERSON_FIELD_OTHER},
	{"participant", PERSON_FIELD_NAME},
	{"participant name", PERSON_FIELD_NAME},
	{"participante", PERSON_FIELD_NAME},
	{"pasaporte", PERSON_FIELD_GOVERNMENT},
	{"pass", PERSON_FIELD_CREDENTIALS},
	{"passenger", PERSON_FIELD_NAME},
	{"passenger name", PERSON_FIELD_NAME},
	{"passeport", PERSON_FIELD_GOVERNMENT},
	{"passnummer", PERSON_FIELD_GOVERNMENT},
	{"passport", PERSON_FIELD_GOVERNMENT},
	{"passport id", PERSON_FIELD_GOVERNMENT},
	{"passport no", PERSON_FIELD_GOVERNMENT},
	{"passport number", PERSON_FIELD_GOVERNMENT},
	{"passwd", PERSON_FIELD_CREDENTIALS},
	{"password", PERSON_FIELD_CREDENTIALS},
	{"password hash", PERSON_FIELD_CREDENTIALS},
	{"passwordhash", PERSON_FIELD_CREDENTIALS},
	{"passwort", PERSON_FIELD_CREDENTIALS},
	{"pathologie", PERSON_FIELD_HEALTH},
	{"patient", PERSON_FIELD_NAME},
	{"patient id", PERSON_FIELD_HEALTH},
	{"patient name", PERSON_FIELD_NAME},
	{"patient number", PERSON_FIELD_HEALTH},
	{"patientenname", PERSON_FIELD_NAME},
	{"pays", PERSON_FIELD_COUNTRY},
	{"pays de residence", PERSON_FIELD_COUNTRY},
	{"performance rating", PERSON_FIELD_EMPLOYMENT},
	{"permis de conduire", PERSON_FIELD_GOVERNMENT},
	{"permiso de conducir", PERSON_FIELD_GOVERNMENT},
	{"person", PERSON_FIELD_NAME},
	{"person id", PERSON_FIELD_NONE},
	{"person name", PERSON_FIELD_NAME},
	{"persona de contacto", PERSON_FIELD_NAME},
	{"personal id number", PERSON_FIELD_GOVERNMENT},
	{"personalausweis", PERSON_FIELD_GOVERNMENT},
	{"personalausweisnummer", PERSON_FIELD_GOVERNMENT},
	{"personalnr", PERSON_FIELD_EMPLOYMENT},
	{"personalnummer", PERSON_FIELD_EMPLOYMENT},
	{"personnel number", PERSON_FIELD_EMPLOYMENT},
	{"phone", PERSON_FIELD_PHONE},
	{"phone model", PERSON_FIELD_NONE},
	{"phone no", PERSON_FIELD_PHONE},
	{"phone number", PERSON_FIELD_PHONE},
	{"phone type", PERSON_FIELD_NONE},
	{"phones", PERSON_FIELD_PHONE},
	{"physician", PERSON_FIELD_HEALTH},
	{"pin", PERSON_FIELD_CREDENTIALS},
	{"pin code", PERSON_FIELD_CREDENTIALS},
	{"place of birth", PERSON_FIELD_OTHER},
	{"place of residence", PERSON_FIELD_CITY},
	{"plz", PERSON_FIELD_POSTCODE},
	{"poblacion", PERSON_FIELD_CITY},
	{"political affiliation", PERSON_FIELD_OTHER},
	{"political party", PERSON_FIELD_OTHER},
	{"portable", PERSON_FIELD_PHONE},
	{"pos", PERSON_FIELD_NONE},
	{"position", PERSON_FIELD_ROLE},
	{"position number", PERSON_FIELD_NONE},
	{"position title", PERSON_FIELD_ROLE},
	{"post code", PERSON_FIELD_POSTCODE},
	{"postal address", PERSON_FIELD_STREET},
	{"postal code", PERSON_FIELD_POSTCODE},
	{"postalcode", PERSON_FIELD_POSTCODE},
	{"postanschrift", PERSON_FIELD_STREET},
	{"postcode", PERSON_FIELD_POSTCODE},
	{"poste", PERSON_FIELD_ROLE},
	{"postleitzahl", PERSON_FIELD_POSTCODE},
	{"pregnancy", PERSON_FIELD_HEALTH},
	{"prenom", PERSON_FIELD_GIVEN},
	{"prenom et nom", PERSON_FIELD_NAME},
	{"prenom nom", PERSON_FIELD_NAME},
	{"prenoms", PERSON_FIELD_GIVEN},
	{"prescription", PERSON_FIELD_HEALTH},
	{"primary diagnosis", PERSON_FIELD_HEALTH},
	{"primer apellido", PERSON_FIELD_SURNAME},
	{"primer nombre", PERSON_FIELD_GIVEN},
	{"product name", PERSON_FIELD_NONE},
	{"produktname", PERSON_FIELD_NONE},
	{"profesion", PERSON_FIELD_ROLE},
	{"profession", PERSON_FIELD_ROLE},
	{"project name", PERSON_FIELD_NONE},
	{"projektname", PERSON_FIELD_NONE},
	{"province", PERSON_FIELD_STATE},
	{"provincia", PERSON_FIELD_STATE},
	{"puesto", PERSON_FIELD_ROLE},
	{"puesto de trabajo", PERSON_FIELD_ROLE},
	{"pwd", PERSON_FIELD_CREDENTIALS},
	{"race", PERSON_FIELD_OTHER},
	{"raison sociale", PERSON_FIELD_ORG},
	{"rank", PERSON_FIELD_ROLE},
	{"razon social", PERSON_FIELD_ORG},
	{"region", PERSON_FIELD_STATE},
	{"reisepass", PERSON_FIELD_GOVERNMENT},
	{"reisepassnummer", PERSON_FIELD_GOVERNMENT},
	{"religion", PERSON_FIELD_OTHER},
	{"religionszugehorigkeit", PERSON_FIELD_OTHER},
	{"remuneration", PERSON_FIELD_FINANCIAL},
	{"rentenversicherungsnummer", PERSON_FIELD_GOVERNMENT},
	{"reports to", PERSON_FIELD_EMPLOYMENT},
	{"residence", PERSON_FIELD_STREET},
	{"resident", PERSON_FIELD_NAME},
	{"resident count", PERSON_FIELD_NONE},
	{"residential address", PERSON_FIELD_STREET},
	{"revenu", PERSON_FIELD_FINANCIAL},
	{"rfc", PERSON_FIELD_GOVERNMENT},
	{"rib", PERSON_FIELD_FINANCIAL},
	{"role", PERSON_FIELD_ROLE},
	{"role name", PERSON_FIELD_NONE},
	{"rolle", PERSON_FIELD_ROLE},
	{"routing number", PERSON_FIELD_FINANCIAL},
	{"rue", PERSON_FIELD_STREET},
	{"rufname", PERSON_FIELD_GIVEN},
	{"rufnummer", PERSON_FIELD_PHONE},
	{"salaire", PERSON_FIELD_FINANCIAL},
	{"salaire brut", PERSON_FIELD_FINANCIAL},
	{"salaire net", PERSON_FIELD_FINANCIAL},
	{"salarie", PERSON_FIELD_NAME},
	{"salario", PERSON_FIELD_FINANCIAL},
	{"salario bruto", PERSON_FIELD_FINANCIAL},
	{"salary", PERSON_FIELD_FINANCIAL},
	{"salary range", PERSON_FIELD_NONE},
	{"salt", PERSON_FIELD_CREDENTIALS},
	{"salutation", PERSON_FIELD_OTHER},
	{"school name", PERSON_FIELD_ORG},
	{"schufa", PERSON_FIELD_FINANCIAL},
	{"schuler", PERSON_FIELD_NAME},
	{"schwerbehinderung", PERSON_FIELD_HEALTH},
	{"secret question", PERSON_FIELD_CREDENTIALS},
	{"securite sociale", PERSON_FIELD_GOVERNMENT},
	{"security answer", PERSON_FIELD_CREDENTIALS},
	{"security question", PERSON_FIELD_CREDENTIALS},
	{"segundo apellido", PERSON_FIELD_SURNAME},
	{"segundo nombre", PERSON_FIELD_GIVEN},
	{"server name", PERSON_FIELD_NONE},
	{"service employeur", PERSON_FIELD_EMPLOYMENT},
	{"service name", PERSON_FIELD_NONE},
	{"sex", PERSON_FIELD_OTHER},
	{"sexe", PERSON_FIELD_OTHER},
	{"sexo", PERSON_FIELD_OTHER},
	{"sexual orientation", PERSON_FIELD_OTHER},
	{"sheet name", PERSON_FIELD_NONE},
	{"shipping address", PERSON_FIELD_STREET},
	{"shop name", PERSON_FIELD_NONE},
	{"sicherheitsfrage", PERSON_FIELD_CREDENTIALS},
	{"sick days", PERSON_FIELD_HEALTH},
	{"sick leave", PERSON_FIELD_HEALTH},
	{"signatory", PERSON_FIELD_NAME},
	{"site name", PERSON_FIELD_NONE},
	{"situation familiale", PERSON_FIELD_OTHER},
	{"sn", PERSON_FIELD_SURNAME},
	{"social security", PERSON_FIELD_GOVERNMENT},
	{"social security no", PERSON_FIELD_GOVERNMENT},
	{"social security number", PERSON_FIELD_GOVERNMENT},
	{"societe", PERSON_FIELD_ORG},
	{"song title", PERSON_FIELD_NONE},
	{"sort code", PERSON_FIELD_FINANCIAL},
	{"sozialversicherungsnummer", PERSON_FIELD_GOVERNMENT},
	{"sprache muttersprache", PERSON_FIELD_OTHER},
	{"ssn", PERSON_FIELD_GOVERNMENT},
	{"staat", PERSON_FIELD_COUNTRY},
	{"staatsangehorigkeit", PERSON_FIELD_OTHER},
	{"stadt", PERSON_FIELD_CITY},
	{"staff id", PERSON_FIELD_EMPLOYMENT},
	{"staff name", PERSON_FIELD_NAME},
	{"staff number", PERSON_FIELD_EMPLOYMENT},
	{"standort", PERSON_FIELD_LOCATION},
	{"start date of employment", PERSON_FIELD_EMPLOYMENT},
	{"state", PERSON_FIELD_STATE},
	{"state id", PERSON_FIELD_NONE},
	{"state province", PERSON_FIELD_STATE},
	{"state region", PERSON_FIELD_STATE},
	{"stelle", PERSON_FIELD_ROLE},
	{"stellenbezeichnung", PERSON_FIELD_ROLE},
	{"steuer id", PERSON_FIELD_GOVERNMENT},
	{"steuer identifikationsnummer", PERSON_FIELD_GOVERNMENT},
	{"steueridentifikationsnummer", PERSON_FIELD_GOVERNMENT},
	{"steuerklasse", PERSON_FIELD_FINANCIAL},
	{"steuernummer", PERSON_FIELD_GOVERNMENT},
	{"store name", PERSON_FIELD_NONE},
	{"str", PERSON_FIELD_STREET},
	{"strasse", PERSON_FIELD_STREET},
	{"strasse hausnummer", PERSON_FIELD_STREET},
	{"strasse nr", PERSON_FIELD_STREET},
	{"strasse und hausnummer", PERSON_FIELD_STREET},
	{"street", PERSON_FIELD_STREET},
	{"street 1", PERSON_FIELD_STREET},
	{"street address", PERSON_FIELD_STREET},
	{"street name", PERSON_FIELD_STREET},
	{"student", PERSON_FIELD_NAME},
	{"student name", PERSON_FIELD_NAME},
	{"sueldo", PERSON_FIELD_FINANCIAL},
	{"superieur", PERSON_FIELD_EMPLOYMENT},
	{"surname", PERSON_FIELD_SURNAME},
	{"sv nummer", PERSON_FIELD_GOVERNMENT},
	{"svnr", PERSON_FIELD_GOVERNMENT},
	{"symptoms", PERSON_FIELD_HEALTH},
	{"table name", PERSON_FIELD_NONE},
	{"tarjeta", PERSON_FIELD_FINANCIAL},
	{"tarjeta de credito", PERSON_FIELD_FINANCIAL},
	{"tatigkeit", PERSON_FIELD_ROLE},
	{"tax class", PERSON_FIELD_FINANCIAL},
	{"tax id", PERSON_FIELD_GOVERNMENT},
	{"tax number", PERSON_FIELD_GOVERNMENT},
	{"team name", PERSON_FIELD_NONE},
	{"teilnehmer", PERSON_FIELD_NAME},
	{"tel", PERSON_FIELD_PHONE},
	{"tel no", PERSON_FIELD_PHONE},
	{"tel nr", PERSON_FIELD_PHONE},
	{"tel portable", PERSON_FIELD_PHONE},
	{"telefon", PERSON_FIELD_PHONE},
	{"telefonnr", PERSON_FIELD_PHONE},
	{"telefonnummer", PERSON_FIELD_PHONE},
	{"telefono", PERSON_FIELD_PHONE},
	{"telefono movil", PERSON_FIELD_PHONE},
	{"telephone", PERSON_FIELD_PHONE},
	{"telephone mobile", PERSON_FIELD_PHONE},
	{"telephone number", PERSON_FIELD_PHONE},
	{"telephone portable", PERSON_FIELD_PHONE},
	{"telf", PERSON_FIELD_PHONE},
	{"tenant", PERSON_FIELD_NAME},
	{"test name", PERSON_FIELD_NONE},
	{"test result", PERSON_FIELD_HEALTH},
	{"test result code", PERSON_FIELD_NONE},
	{"tfno", PERSON_FIELD_PHONE},
	{"therapie", PERSON_FIELD_HEALTH},
	{"tin", PERSON_FIELD_GOVERNMENT},
	{"tipo de sangre", PERSON_FIELD_HEALTH},
	{"title", PERSON_FIELD_ROLE},
	{"title id", PERSON_FIELD_NONE},
	{"title role", PERSON_FIELD_ROLE},
	{"titulaire", PERSON_FIELD_NAME},
	{"titular", PERSON_FIELD_NAME},
	{"token", PERSON_FIELD_CREDENTIALS},
	{"token count", PERSON_FIELD_NONE},
	{"token type", PERSON_FIELD_NONE},
	{"town", PERSON_FIELD_CITY},
	{"trabajador", PERSON_FIELD_NAME},
	{"track name", PERSON_FIELD_NONE},
	{"traitement", PERSON_FIELD_HEALTH},
	{"tratamiento", PERSON_FIELD_HEALTH},
	{"tratamiento personal", PERSON_FIELD_OTHER},
	{"treatment", PERSON_FIELD_HEALTH},
	{"treatments", PERSON_FIELD_HEALTH},
	{"twitter", PERSON_FIELD_OTHER},
	{"union membership", PERSON_FIELD_OTHER},
	{"unternehmen", PERSON_FIELD_ORG},
	{"unternehmensname", PERSON_FIELD_ORG},
	{"unvertraglichkeiten", PERSON_FIELD_HEALTH},
	{"user", PERSON_FIELD_CREDENTIALS},
	{"user agent", PERSON_FIELD_NONE},
	{"user count", PERSON_FIELD_NONE},
	{"user email", PERSON_FIELD_EMAIL},
	{"user id", PERSON_FIELD_CREDENTIALS},
	{"user name", PERSON_FIELD_CREDENTIALS},
	{"user name full", PERSON_FIELD_NAME},
	{"user password", PERSON_FIELD_CREDENTIALS},
	{"userid", PERSON_FIELD_CREDENTIALS},
	{"username", PERSON_FIELD_CREDENTIALS},
	{"usuario", PERSON_FIELD_CREDENTIALS},
	{"utilisateur", PERSON_FIELD_CREDENTIALS},
	{"vaccinated", PERSON_FIELD_HEALTH},
	{"vaccination", PERSON_FIELD_HEALTH},
	{"vaccination status", PERSON_FIELD_HEALTH},
	{"vaccination statut", PERSON_FIELD_HEALTH},
	{"vacuna", PERSON_FIELD_HEALTH},
	{"vacunacion", PERSON_FIELD_HEALTH},
	{"variable name", PERSON_FIELD_NONE},
	{"versicherte", PERSON_FIELD_NAME},
	{"versichertennummer", PERSON_FIELD_HEALTH},
	{"versicherter", PERSON_FIELD_NAME},
	{"vertriebsmitarbeiter", PERSON_FIELD_NAME},
	{"ville", PERSON_FIELD_CITY},
	{"visa number", PERSON_FIELD_GOVERNMENT},
	{"voie", PERSON_FIELD_STREET},
	{"vollstandiger name", PERSON_FIELD_NAME},
	{"voornaam", PERSON_FIELD_GIVEN},
	{"vor und nachname", PERSON_FIELD_NAME},
	{"vor und zuname", PERSON_FIELD_NAME},
	{"vorerkrankungen", PERSON_FIELD_HEALTH},
	{"vorgesetzter", PERSON_FIELD_EMPLOYMENT},
	{"vorname", PERSON_FIELD_GIVEN},
	{"vorname nachname", PERSON_FIELD_NAME},
	{"vornamen", PERSON_FIELD_GIVEN},
	{"wage", PERSON_FIELD_FINANCIAL},
	{"weight kg", PERSON_FIELD_HEALTH},
	{"whatsapp", PERSON_FIELD_PHONE},
	{"wohnadresse", PERSON_FIELD_STREET},
	{"wohnanschrift", PERSON_FIELD_STREET},
	{"wohnort", PERSON_FIELD_CITY},
	{"wohnsitz", PERSON_FIELD_CITY},
	{"wohnsitzland", PERSON_FIELD_COUNTRY},
	{"work email", PERSON_FIELD_EMAIL},
	{"work phone", PERSON_FIELD_PHONE},
	{"working hours", PERSON_FIELD_EMPLOYMENT},
	{"year of birth", PERSON_FIELD_DOB},
	{"zip", PERSON_FIELD_POSTCODE},
	{"zip code", PERSON_FIELD_POSTCODE},
	{"zipcode", PERSON_FIELD_POSTCODE},
	{"zuname", PERSON_FIELD_SURNAME},
	{"zweiter vorname", PERSON_FIELD_GIVEN},
};

/* Before a field they say nothing of whose it is; in order. */
static const char *const qualifiers[] = {
	"a", "actual", "additional", "al", "alternate", "alternative", "alternativo", "au", "aux", "billing", "bureau",
	"business", "casa", "complete", "correspondence", "current", "d", "dat", "de", "default", "del", "der", "des",
	"deuxieme", "die", "dienstlich", "dienstliche", "domicile", "du", "el", "erste", "familia", "first", "fixe",
	"geschaftlich", "geschaftliche", "heim", "his", "home", "ihr", "ihre", "in", "individual", "l", "la", "le", "legal",
	"mailing", "main", "mobile", "my", "new", "numero", "of", "office", "old", "optional", "other", "otro", "page",
	"permanent", "perso", "personal", "personel", "personelle", "personlich", "personliche", "personnel", "personnelle",
	"postal", "preferred", "primary", "principal", "privat", "private", "pro", "prof", "professional", "professionnel",
	"professionnelle", "registered", "residence", "residential", "second", "secondaire", "secondary", "secundario",
	"shipping", "son", "su", "the", "third", "trabajo", "travail", "usual", "verified", "vos", "votre", "work", "xs",
	"your", "zweite",
};

/* Local parts of addresses that are a post's or a machine's; in order. */
static const char *const shared_words[] = {
	"abo", "abonnement", "abuse", "academy", "accounting", "accounts", "accueil", "achats", "acheteur", "adm", "admin",
	"administracion", "administration", "admissions", "ads", "advertising", "alert", "alerts", "all", "alle", "almacen",
	"anfrage", "angebot", "angebote", "anmeldung", "announce", "announcements", "anonymous", "apache", "api", "apotheke",
	"app", "apps", "archive", "archives", "asistencia", "ask", "assistance", "atencion", "audit", "ausbildung", "auto",
	"autoresponder", "ayuntamiento", "backup", "banking", "bar", "beratung", "bestellung", "bestellungen", "bewerbung",
	"bewerbungen", "billing", "biuro", "board", "book", "booking", "bookings", "bot", "bounce", "bounces", "buchhaltung",
	"buero", "bugs", "bugzilla", "buh", "bulletin", "business", "calendar", "calidad", "campaign", "career", "careers",
	"catalog", "ceo", "cfo", "chat", "checkout", "clientes", "clients", "club", "comercial", "commande", "commandes",
	"commercial", "community", "company", "compliance", "compras", "compta", "comptabilite", "conference", "confirm",
	"confirmation", "contabilidad", "contact", "contacto", "contactus", "contracts", "coo", "copier", "corporate", "cron",
	"cto", "customer", "customercare", "customers", "customerservice", "cvs", "daemon", "data", "dataprotection",
	"datenschutz", "deals", "delivery", "demo", "desk", "dev", "devel", "developer", "developers", "digest", "direccion",
	"direction", "discuss", "dispatch", "dmarc", "dns", "donotreply", "dpo", "dsi", "edi", "editor", "editors", "edv",
	"einkauf", "einvoice", "email", "empfang", "empleo", "enquiries", "enquiry", "error", "errors", "events", "everyone",
	"example", "factura", "facturacion", "facturas", "facturation", "facture", "factures", "faktura", "faq", "fax",
	"feedback", "finance", "finanzas", "foo", "forum", "frontdesk", "ftp", "garantie", "general", "gerencia",
	"geschaeftsfuehrung", "gf", "git", "github", "groups", "hausverwaltung", "hello", "help", "helpdesk", "hilfe", "hola",
	"hostmaster", "hotel", "hotline", "hr", "human.resources", "impressum", "info", "informacion", "information",
	"informations", "infos", "inquiries", "inquiry", "investor", "investors", "invoice", "invoices", "invoicing", "it",
	"it-support", "jenkins", "job", "jobs", "juridique", "kanzlei", "karriere", "kasse", "kontakt", "kunden",
	"kundendienst", "kundenservice", "lab", "legal", "licensing", "list", "listmaster", "listowner", "lists", "listserv",
	"livraison", "logistics", "logistik", "mail", "mailbox", "mailer", "mailer-daemon", "mailerdaemon", "mailing",
	"mailman", "maintainer", "maintainers", "mairie", "majordomo", "management", "manager", "marketing", "media",
	"meeting", "meetings", "members", "membership", "moderator", "moderators", "monitoring", "mysql", "nagios", "name",
	"news", "newsletter", "newsletters", "nginx", "no_reply", "nobody", "noc", "none", "noreply", "nospam", "notices",
	"notification", "notifications", "notify", "null", "offer", "offers", "office", "online", "operations", "operator",
	"ops", "oracle", "order", "order-desk", "orders", "owner", "owners", "partner", "partners", "parts", "password",
	"pay", "payment", "payments", "payroll", "pedidos", "personal", "personnel", "phishing", "post", "postgres",
	"postmaster", "praxis", "prensa", "presidence", "press", "presse", "printer", "privacy", "procurement", "project",
	"projects", "promo", "promotions", "prueba", "publicidad", "purchase", "purchasing", "quality", "quotes", "rathaus",
	"reception", "rechnung", "rechnungen", "recipient", "recruiting", "recruitment", "rectory", "redaktion", "register",
	"registration", "reklamation", "reklamationen", "relay", "remove", "rental", "replies", "reply", "report", "reports",
	"request", "reservas", "reservation", "reservations", "responder", "returns", "rezeption", "rfq", "rh", "robot",
	"root", "rrhh", "rsvp", "sales", "sav", "scanner", "school", "secretaire", "secretaria", "secretariat", "security",
	"sekretariat", "sender", "server", "service", "service-client", "servicedesk", "services", "shipping", "shop",
	"somebody", "someone", "soporte", "spam", "spamassassin", "staff", "standard", "stats", "status", "stoerung", "store",
	"studio", "submit", "subscribe", "subscriber", "subscriptions", "suggestions", "support", "survey", "sysadmin",
	"system", "systems", "taller", "team", "tech", "technical", "technik", "test", "testing", "ticket", "tickets", "tips",
	"training", "undefined", "unsubscribe", "update", "updates", "user", "username", "users", "usuario", "ventas",
	"vente", "ventes", "verkauf", "versand", "vertrieb", "verwaltung", "vorstand", "warranty", "web", "webinar",
	"webinfo", "webmaster", "website", "welcome", "werbung", "wiki", "workshop", "www", "www-data", "xml", "you", "your",
	"yourname", "zakelijk", "zentrale",
};

/* Words of posts, folded; in order. */
static const char *const role_words[] = {
	"abogada", "abogado", "abteilungsleiter", "abteilungsleiterin", "accountant", "acheteur", "acheteuse",
	"administrator", "advisor", "agent", "analista", "analyst", "architect", "asesor", "asesora", "asistente",
	"assistant", "assistent", "assistentin", "attorney", "auditor", "avocat", "avocate", "berater", "beraterin",
	"buchhalter", "buchhalterin", "buyer", "ceo", "cfo", "chairman", "chairwoman", "charge", "chargee", "chef", "chief",
	"cio", "cmo", "comercial", "comptable", "conseiller", "conseillere", "consultant", "consultante", "consultor",
	"consultora", "contable", "controller", "coo", "coordinador", "coordinadora", "coordinator", "counsel", "cto",
	"desarrollador", "designer", "developer", "developpeur", "directeur", "director", "directora", "directrice", "doctor",
	"editor", "einkaufer", "einkauferin", "encargado", "engineer", "entwickler", "entwicklerin", "executive", "founder",
	"gerant", "gerante", "gerente", "geschaftsfuhrer", "geschaftsfuhrerin", "head", "ingeniera", "ingeniero", "ingenieur",
	"ingenieure", "ingenieurin", "jefa", "jefe", "lawyer", "lead", "leiter", "leiterin", "manager", "nurse", "officer",
	"owner", "partner", "physician", "planner", "president", "principal", "producer", "professor", "programmer",
	"projektleiter", "projektleiterin", "prokurist", "prokuristin", "rechtsanwalt", "rechtsanwaltin", "recruiter",
	"referent", "referentin", "representative", "researcher", "responsable", "sachbearbeiter", "sachbearbeiterin",
	"scientist", "secretaire", "secretaria", "secretario", "secretary", "specialist", "supervisor", "teacher",
	"teamleiter", "teamleiterin", "technician", "technicien", "technicienne", "tecnico", "trainer", "treasurer",
	"vertriebsleiter", "vertriebsleiterin", "vicepresident", "vorsitzender", "vorstand", "vp", "werkleiter",
};

struct pair {
	const char *key, *country;
};

/* Countries as four languages call them, folded; in order. */
static const struct pair countries[] = {
	{"afghanistan", "AF"}, {"afrique du sud", "ZA"}, {"agypten", "EG"}, {"albania", "AL"}, {"albanie", "AL"},
	{"albanien", "AL"}, {"alemania", "DE"}, {"algeria", "DZ"}, {"algerie", "DZ"}, {"algerien", "DZ"}, {"allemagne", "DE"},
	{"arabia saudita", "SA"}, {"arabie saoudite", "SA"}, {"argelia", "DZ"}, {"argentina", "AR"}, {"argentine", "AR"},
	{"argentinien", "AR"}, {"armenia", "AM"}, {"armenie", "AM"}, {"armenien", "AM"}, {"australia", "AU"},
	{"australie", "AU"}, {"australien", "AU"}, {"austria", "AT"}, {"autriche", "AT"}, {"azerbaijan", "AZ"},
	{"bangladesh", "BD"}, {"belarus", "BY"}, {"belgica", "BE"}, {"belgien", "BE"}, {"belgique", "BE"}, {"belgium", "BE"},
	{"bolivia", "BO"}, {"bolivie", "BO"}, {"bolivien", "BO"}, {"bosnia and herzegovina", "BA"},
	{"bosnien und herzegowina", "BA"}, {"brasil", "BR"}, {"brasilien", "BR"}, {"brazil", "BR"}, {"bresil", "BR"},
	{"bulgaria", "BG"}, {"bulgarie", "BG"}, {"bulgarien", "BG"}, {"bundesrepublik deutschland", "DE"}, {"canada", "CA"},
	{"chequia", "CZ"}, {"chile", "CL"}, {"chili", "CL"}, {"china", "CN"}, {"chine", "CN"}, {"chipre", "CY"},
	{"chypre", "CY"}, {"colombia", "CO"}, {"colombie", "CO"}, {"corea del sur", "KR"}, {"coree du sud", "KR"},
	{"costa rica", "CR"}, {"croacia", "HR"}, {"croatia", "HR"}, {"croatie", "HR"}, {"cuba", "CU"}, {"cyprus", "CY"},
	{"czech republic", "CZ"}, {"czechia", "CZ"}, {"danemark", "DK"}, {"denmark", "DK"}, {"deutschland", "DE"},
	{"dinamarca", "DK"}, {"dominican republic", "DO"}, {"ecuador", "EC"}, {"egipto", "EG"}, {"egypt", "EG"},
	{"egypte", "EG"}, {"el salvador", "SV"}, {"emirats arabes unis", "AE"}, {"england", "GB"}, {"equateur", "EC"},
	{"eslovaquia", "SK"}, {"eslovenia", "SI"}, {"espagne", "ES"}, {"espana", "ES"}, {"estados unidos", "US"},
	{"estland", "EE"}, {"estonia", "EE"}, {"estonie", "EE"}, {"etats unis", "US"}, {"ethiopia", "ET"},
	{"federal republic of germany", "DE"}, {"filipinas", "PH"}, {"finland", "FI"}, {"finlande", "FI"},
	{"finlandia", "FI"}, {"finnland", "FI"}, {"france", "FR"}, {"francia", "FR"}, {"frankreich", "FR"},
	{"georgia republic", "GE"}, {"georgien", "GE"}, {"germany", "DE"}, {"ghana", "GH"}, {"great britain", "GB"},
	{"grece", "GR"}, {"grecia", "GR"}, {"greece", "GR"}, {"griechenland", "GR"}, {"grossbritannien", "GB"},
	{"guatemala", "GT"}, {"holland", "NL"}, {"honduras", "HN"}, {"hong kong", "HK"}, {"hongrie", "HU"}, {"hungary", "HU"},
	{"hungria", "HU"}, {"iceland", "IS"}, {"inde", "IN"}, {"india", "IN"}, {"indien", "IN"}, {"indonesia", "ID"},
	{"indonesie", "ID"}, {"indonesien", "ID"}, {"irak", "IQ"}, {"iran", "IR"}, {"iraq", "IQ"}, {"ireland", "IE"},
	{"irland", "IE"}, {"irlanda", "IE"}, {"irlande", "IE"}, {"island", "IS"}, {"islande", "IS"}, {"islandia", "IS"},
	{"israel", "IL"}, {"italia", "IT"}, {"italie", "IT"}, {"italien", "IT"}, {"italy", "IT"}, {"japan", "JP"},
	{"japon", "JP"}, {"jordan", "JO"}, {"jordanien", "JO"}, {"kanada", "CA"}, {"katar", "QA"}, {"kazakhstan", "KZ"},
	{"kenia", "KE"}, {"kenya", "KE"}, {"kolumbien", "CO"}, {"kroatien", "HR"}, {"kuba", "CU"}, {"kuwait", "KW"},
	{"latvia", "LV"}, {"lebanon", "LB"}, {"letonia", "LV"}, {"lettland", "LV"}, {"lettonie", "LV"}, {"liban", "LB"},
	{"libano", "LB"}, {"libanon", "LB"}, {"liechtenstein", "LI"}, {"litauen", "LT"}, {"lithuania", "LT"},
	{"lituania", "LT"}, {"lituanie", "LT"}, {"luxembourg", "LU"}, {"luxemburg", "LU"}, {"luxemburgo", "LU"},
	{"malaysia", "MY"}, {"malta", "MT"}, {"malte", "MT"}, {"maroc", "MA"}, {"marokko", "MA"}, {"marruecos", "MA"},
	{"mejico", "MX"}, {"mexico", "MX"}, {"mexiko", "MX"}, {"mexique", "MX"}, {"moldova", "MD"}, {"monaco", "MC"},
	{"morocco", "MA"}, {"netherlands", "NL"}, {"neuseeland", "NZ"}, {"new zealand", "NZ"}, {"nicaragua", "NI"},
	{"niederlande", "NL"}, {"nigeria", "NG"}, {"north macedonia", "MK"}, {"northern ireland", "GB"}, {"noruega", "NO"},
	{"norvege", "NO"}, {"norway", "NO"}, {"norwegen", "NO"}, {"nouvelle zelande", "NZ"}, {"nueva zelanda", "NZ"},
	{"oesterreich", "AT"}, {"osterreich", "AT"}, {"paises bajos", "NL"}, {"pakistan", "PK"}, {"panama", "PA"},
	{"paraguay", "PY"}, {"pays bas", "NL"}, {"perou", "PE"}, {"peru", "PE"}, {"philippinen", "PH"}, {"philippines", "PH"},
	{"poland", "PL"}, {"polen", "PL"}, {"pologne", "PL"}, {"polonia", "PL"}, {"portugal", "PT"}, {"qatar", "QA"},
	{"reino unido", "GB"}, {"republic of korea", "KR"}, {"republica checa", "CZ"}, {"republique tcheque", "CZ"},
	{"romania", "RO"}, {"roumanie", "RO"}, {"royaume uni", "GB"}, {"rumania", "RO"}, {"rumanien", "RO"}, {"rusia", "RU"},
	{"russia", "RU"}, {"russian federation", "RU"}, {"russie", "RU"}, {"russland", "RU"}, {"saudi arabia", "SA"},
	{"saudi arabien", "SA"}, {"schweden", "SE"}, {"schweiz", "CH"}, {"scotland", "GB"}, {"senegal", "SN"},
	{"serbia", "RS"}, {"serbie", "RS"}, {"serbien", "RS"}, {"singapore", "SG"}, {"singapour", "SG"}, {"singapur", "SG"},
	{"slovakia", "SK"}, {"slovaquie", "SK"}, {"slovenia", "SI"}, {"slovenie", "SI"}, {"slowakei", "SK"},
	{"slowenien", "SI"}, {"south africa", "ZA"}, {"south korea", "KR"}, {"spain", "ES"}, {"spanien", "ES"},
	{"sri lanka", "LK"}, {"sudafrica", "ZA"}, {"sudafrika", "ZA"}, {"sudkorea", "KR"}, {"suecia", "SE"}, {"suede", "SE"},
	{"suisse", "CH"}, {"suiza", "CH"}, {"sweden", "SE"}, {"switzerland", "CH"}, {"tailandia", "TH"}, {"taiwan", "TW"},
	{"thailand", "TH"}, {"thailande", "TH"}, {"the netherlands", "NL"}, {"tschechien", "CZ"}, {"tunesien", "TN"},
	{"tunez", "TN"}, {"tunisia", "TN"}, {"tunisie", "TN"}, {"turkei", "TR"}, {"turkey", "TR"}, {"turkiye", "TR"},
	{"turquia", "TR"}, {"turquie", "TR"}, {"u s a", "US"}, {"ucrania", "UA"}, {"uk", "GB"}, {"ukraine", "UA"},
	{"ungarn", "HU"}, {"united arab emirates", "AE"}, {"united kingdom", "GB"}, {"united states", "US"},
	{"united states of america", "US"}, {"uruguay", "UY"}, {"us of america", "US"}, {"usa", "US"}, {"venezuela", "VE"},
	{"vereinigte arabische emirate", "AE"}, {"vereinigte staaten", "US"}, {"vereinigtes konigreich", "GB"},
	{"viet nam", "VN"}, {"vietnam", "VN"}, {"wales", "GB"}, {"zypern", "CY"},
};

/* Calling codes of one country alone (ITU-T E.164, list of assigned country codes); in order. */
static const struct pair calling_codes[] = {
	{"20", "EG"}, {"213", "DZ"}, {"216", "TN"}, {"218", "LY"}, {"220", "GM"}, {"221", "SN"}, {"222", "MR"}, {"223", "ML"},
	{"224", "GN"}, {"225", "CI"}, {"226", "BF"}, {"227", "NE"}, {"228", "TG"}, {"229", "BJ"}, {"230", "MU"},
	{"231", "LR"}, {"232", "SL"}, {"233", "GH"}, {"234", "NG"}, {"235", "TD"}, {"236", "CF"}, {"237", "CM"},
	{"238", "CV"}, {"239", "ST"}, {"240", "GQ"}, {"241", "GA"}, {"242", "CG"}, {"243", "CD"}, {"244", "AO"},
	{"245", "GW"}, {"248", "SC"}, {"249", "SD"}, {"250", "RW"}, {"251", "ET"}, {"252", "SO"}, {"253", "DJ"},
	{"254", "KE"}, {"255", "TZ"}, {"256", "UG"}, {"257", "BI"}, {"258", "MZ"}, {"260", "ZM"}, {"261", "MG"},
	{"263", "ZW"}, {"264", "NA"}, {"265", "MW"}, {"266", "LS"}, {"267", "BW"}, {"268", "SZ"}, {"269", "KM"}, {"27", "ZA"},
	{"30", "GR"}, {"31", "NL"}, {"32", "BE"}, {"33", "FR"}, {"34", "ES"}, {"350", "GI"}, {"351", "PT"}, {"352", "LU"},
	{"353", "IE"}, {"354", "IS"}, {"355", "AL"}, {"356", "MT"}, {"357", "CY"}, {"359", "BG"}, {"36", "HU"}, {"370", "LT"},
	{"371", "LV"}, {"372", "EE"}, {"373", "MD"}, {"374", "AM"}, {"375", "BY"}, {"376", "AD"}, {"377", "MC"},
	{"378", "SM"}, {"380", "UA"}, {"381", "RS"}, {"382", "ME"}, {"383", "XK"}, {"385", "HR"}, {"386", "SI"},
	{"387", "BA"}, {"389", "MK"}, {"40", "RO"}, {"41", "CH"}, {"420", "CZ"}, {"421", "SK"}, {"423", "LI"}, {"43", "AT"},
	{"45", "DK"}, {"46", "SE"}, {"48", "PL"}, {"49", "DE"}, {"501", "BZ"}, {"502", "GT"}, {"503", "SV"}, {"504", "HN"},
	{"505", "NI"}, {"506", "CR"}, {"507", "PA"}, {"509", "HT"}, {"51", "PE"}, {"52", "MX"}, {"53", "CU"}, {"54", "AR"},
	{"55", "BR"}, {"56", "CL"}, {"57", "CO"}, {"58", "VE"}, {"591", "BO"}, {"592", "GY"}, {"593", "EC"}, {"595", "PY"},
	{"597", "SR"}, {"598", "UY"}, {"60", "MY"}, {"62", "ID"}, {"63", "PH"}, {"64", "NZ"}, {"65", "SG"}, {"66", "TH"},
	{"673", "BN"}, {"675", "PG"}, {"676", "TO"}, {"679", "FJ"}, {"81", "JP"}, {"82", "KR"}, {"84", "VN"}, {"852", "HK"},
	{"853", "MO"}, {"855", "KH"}, {"856", "LA"}, {"86", "CN"}, {"880", "BD"}, {"886", "TW"}, {"90", "TR"}, {"91", "IN"},
	{"92", "PK"}, {"93", "AF"}, {"94", "LK"}, {"95", "MM"}, {"960", "MV"}, {"961", "LB"}, {"962", "JO"}, {"963", "SY"},
	{"964", "IQ"}, {"965", "KW"}, {"966", "SA"}, {"967", "YE"}, {"968", "OM"}, {"970", "PS"}, {"971", "AE"},
	{"972", "IL"}, {"973", "BH"}, {"974", "QA"}, {"975", "BT"}, {"976", "MN"}, {"977", "NP"}, {"98", "IR"}, {"992", "TJ"},
	{"993", "TM"}, {"994", "AZ"}, {"995", "GE"}, {"996", "KG"}, {"998", "UZ"},
};

/* ISO 3166-1 alpha-2, one space apart. */
static const char codes[] =
	"AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
	"BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
	"FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
	"IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
	"ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
	"PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
	"TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW ";
/* clang-format on */

enum {
	TOKENS_MAX = 10,
	TOKEN_MAX = 24,
	PHRASE_MAX = 5,
	PHRASE_LENGTH_MAX = 64,
	HEADING_MAX = 60,
	LOCAL_MAX = 40,
	ROLE_LINE_MAX = 60
};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* ---- lists ---- */

static int compare_key(const void *key, const void *row)
{
	return bytes_compare(*(const struct bytes *)key, bytes_of_string(*(const char *const *)row));
}

/* Rows that begin with their key. */
static const void *find_row(struct bytes key, const void *rows, size_t count, size_t size)
{
	return bsearch(&key, rows, count, size, compare_key);
}

static bool is_sorted(const void *rows, size_t count, size_t size)
{
	for (size_t i = 1; i < count; i++) {
		const char *last = *(const char *const *)((const char *)rows + (i - 1) * size);
		if (strcmp(last, *(const char *const *)((const char *)rows + i * size)) >= 0)
			return false;
	}
	return true;
}

enum status person_field_prepare(void)
{
	bool is_in_order = is_sorted(phrases, COUNT(phrases), sizeof *phrases) &&
	                   is_sorted(qualifiers, COUNT(qualifiers), sizeof *qualifiers) &&
	                   is_sorted(shared_words, COUNT(shared_words), sizeof *shared_words) &&
	                   is_sorted(role_words, COUNT(role_words), sizeof *role_words) &&
	                   is_sorted(countries, COUNT(countries), sizeof *countries) &&
	                   is_sorted(calling_codes, COUNT(calling_codes), sizeof *calling_codes);
	return is_in_order ? STATUS_OK : STATUS_BROKEN;
}

/* ---- headings ---- */

struct tokens {
	char at[TOKENS_MAX][TOKEN_MAX];
	size_t count;
};

static bool is_upper(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_word_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || is_upper(c) || c >= 0x80;
}

/* "firstName", "first_name" and "First Name" are the same words. Too many of them, or too long ones, are no heading. */
static bool read_tokens(struct fold *fold, struct bytes heading, struct tokens *tokens)
{
	struct buffer spaced = buffer_with_ceiling(4 * HEADING_MAX), folded = buffer_with_ceiling(8 * HEADING_MAX);
	tokens->count = 0;
	for (size_t i = 0; i < heading.len; i++) {
		unsigned char c = heading.at[i], before = i > 0 ? heading.at[i - 1] : ' ';
		if (is_upper(c) && ((before >= 'a' && before <= 'z') || (before >= '0' && before <= '9')))
			buffer_append_byte(&spaced, ' ');
		buffer_append_byte(&spaced, is_word_byte(c) ? c : ' ');
	}
	fold_append(fold, &folded, buffer_bytes(&spaced));
	bool fits = buffer_status(&folded) == STATUS_OK;
	for (size_t i = 0; i < folded.len && fits;) {
		size_t end = i;
		while (end < folded.len && is_word_byte(folded.at[end]))
			end++;
		fits = end - i < TOKEN_MAX && (end == i || tokens->count < TOKENS_MAX);
		if (fits && end > i) {
			memcpy(tokens->at[tokens->count], folded.at + i, end - i);
			tokens->at[tokens->count++][end - i] = '\0';
		}
		i = end + (end == i);
	}
	buffer_free(&spaced);
	buffer_free(&folded);
	return fits;
}

static const struct phrase *find_phrase(const struct tokens *tokens, size_t from, size_t count)
{
	char joined[PHRASE_LENGTH_MAX];
	size_t len = 0;
	for (size_t i = from; i < from + count; i++) {
		size_t length = strlen(tokens->at[i]);
		if (len + length + 2 > sizeof joined)
			return NULL;
		if (i > from)
			joined[len++] = ' ';
		memcpy(joined + len, tokens->at[i], length);
		len += length;
	}
	return find_row(bytes_of(joined, len), phrases, COUNT(phrases), sizeof *phrases);
}

static bool is_number(const char *token, unsigned *ret_number)
{
	uint64_t number = 0;
	if (!bytes_parse_u64(bytes_of_string(token), &number) || number > 99)
		return false;
	*ret_number = (unsigned)number;
	return true;
}

static bool is_qualifier(const char *token)
{
	return find_row(bytes_of_string(token), qualifiers, COUNT(qualifiers), sizeof *qualifiers) != NULL;
}

/* Whose it is, by the words before it that are no qualifiers. */
static uint64_t read_whose(const struct tokens *tokens, size_t count)
{
	uint64_t whose = 0;
	for (size_t i = 0; i < count; i++)
		if (!is_qualifier(tokens->at[i]))
			whose = hash_of((unsigned)whose ^ (unsigned)(whose >> 32), bytes_of_string(tokens->at[i]));
	return whose;
}

struct person_label person_field_read(struct fold *fold, struct bytes heading)
{
	struct person_label label = {.field = PERSON_FIELD_NONE};
	struct tokens tokens;
	heading = bytes_trim(heading);
	if (heading.len == 0 || heading.len > HEADING_MAX || !read_tokens(fold, heading, &tokens) || tokens.count == 0)
		return label;
	size_t end = tokens.count;
	if (end > 1 && is_number(tokens.at[end - 1], &label.number))
		end--;
	/* "phone (home)": what qualifies may stand behind. */
	while (end > 1 && is_qualifier(tokens.at[end - 1]) && find_phrase(&tokens, 0, end) == NULL)
		end--;
	for (size_t count = end < PHRASE_MAX ? end : PHRASE_MAX; count > 0; count--) {
		const struct phrase *phrase = find_phrase(&tokens, end - count, count);
		if (phrase == NULL)
			continue;
		label.field = phrase->field;
		label.whose = read_whose(&tokens, end - count);
		return label;
	}
	return label;
}

unsigned person_field_elements(enum person_field field)
{
	static const unsigned elements[PERSON_FIELD_COUNT] = {
		[PERSON_FIELD_EMAIL] = ELEMENT_BIT(ELEMENT_CONTACT),
		[PERSON_FIELD_PHONE] = ELEMENT_BIT(ELEMENT_CONTACT),
		[PERSON_FIELD_NAME] = ELEMENT_BIT(ELEMENT_NAME),
		[PERSON_FIELD_GIVEN] = ELEMENT_BIT(ELEMENT_NAME),
		[PERSON_FIELD_SURNAME] = ELEMENT_BIT(ELEMENT_NAME),
		[PERSON_FIELD_ORG] = ELEMENT_BIT(ELEMENT_EMPLOYMENT),
		[PERSON_FIELD_ROLE] = ELEMENT_BIT(ELEMENT_EMPLOYMENT),
		[PERSON_FIELD_EMPLOYMENT] = ELEMENT_BIT(ELEMENT_EMPLOYMENT),
		[PERSON_FIELD_STREET] = ELEMENT_BIT(ELEMENT_CONTACT) | ELEMENT_BIT(ELEMENT_LOCATION),
		[PERSON_FIELD_POSTCODE] = ELEMENT_BIT(ELEMENT_LOCATION),
		[PERSON_FIELD_CITY] = ELEMENT_BIT(ELEMENT_LOCATION),
		[PERSON_FIELD_STATE] = ELEMENT_BIT(ELEMENT_LOCATION),
		[PERSON_FIELD_COUNTRY] = ELEMENT_BIT(ELEMENT_LOCATION),
		[PERSON_FIELD_DOB] = ELEMENT_BIT(ELEMENT_DATE_OF_BIRTH),
		[PERSON_FIELD_GOVERNMENT] = ELEMENT_BIT(ELEMENT_GOVERNMENT_ID),
		[PERSON_FIELD_FINANCIAL] = ELEMENT_BIT(ELEMENT_FINANCIAL),
		[PERSON_FIELD_CREDENTIALS] = ELEMENT_BIT(ELEMENT_CREDENTIALS),
		[PERSON_FIELD_HEALTH] = ELEMENT_BIT(ELEMENT_HEALTH),
		[PERSON_FIELD_LOCATION] = ELEMENT_BIT(ELEMENT_LOCATION),
		[PERSON_FIELD_OTHER] = ELEMENT_BIT(ELEMENT_OTHER),
	};
	return field < PERSON_FIELD_COUNT ? elements[field] : 0;
}

/* ---- addresses ---- */

static bool is_shared_word(struct bytes word)
{
	return find_row(word, shared_words, COUNT(shared_words), sizeof *shared_words) != NULL;
}

static bool ends_word(unsigned char c)
{
	return c == '.' || c == '-' || c == '_' || c == '+';
}

bool person_is_shared_address(struct bytes address)
{
	unsigned char lower[LOCAL_MAX];
	size_t at = bytes_find_last_byte(address, '@'), len = 0, digits = 0, first = 0, last = 0;
	if (at == BYTES_NOT_FOUND || at == 0 || at > LOCAL_MAX)
		return true;
	for (; len < at; len++) {
		unsigned char c = address.at[len];
		lower[len] = is_upper(c) ? c | 0x20 : c;
		digits += c >= '0' && c <= '9';
		/* Return paths that hold another address or a ticket. */
		if (c == '=' || c == '/' || c == '!' || c == '%' || c == '#' || c == '*')
			return true;
		if (ends_word(c)) {
			first = first == 0 ? len : first;
			last = len + 1;
		}
	}
	struct bytes local = bytes_of(lower, len);
	if (bytes_start_with(local, BYTES_LITERAL("noreply")) || bytes_start_with(local, BYTES_LITERAL("no-reply")) ||
	    bytes_start_with(local, BYTES_LITERAL("do-not-reply")) || bytes_start_with(local, BYTES_LITERAL("donotreply")) ||
	    bytes_find(local, BYTES_LITERAL("bounce")) != BYTES_NOT_FOUND ||
	    bytes_find(local, BYTES_LITERAL("unsubscribe")) != BYTES_NOT_FOUND ||
	    bytes_start_with(local, BYTES_LITERAL("leave-")) || bytes_start_with(local, BYTES_LITERAL("undisclosed")) ||
	    bytes_end_with(local, BYTES_LITERAL("list")) || digits > 9 || digits == len)
		return true;
	return is_shared_word(local) || (first > 0 && is_shared_word(bytes_slice(local, 0, first))) ||
	       (last > 0 && is_shared_word(bytes_from(local, last)));
}

/* ---- countries ---- */

static bool take_country(const struct pair *pair, char into[3])
{
	if (pair == NULL)
		return false;
	memcpy(into, pair->country, 3);
	return true;
}

static bool is_code(struct bytes written)
{
	if (written.len != 2 || !is_upper(written.at[0]) || !is_upper(written.at[1]))
		return false;
	for (const char *code = codes; *code != '\0'; code += 3)
		if (memcmp(code, written.at, 2) == 0)
			return true;
	return false;
}

bool person_country(struct fold *fold, struct bytes written, char into[3])
{
	struct tokens tokens;
	char joined[PHRASE_LENGTH_MAX];
	size_t len = 0;
	written = bytes_trim(written);
	if (is_code(written)) {
		memcpy(into, written.at, 2);
		into[2] = '\0';
		return true;
	}
	if (written.len < 2 || written.len > HEADING_MAX || !read_tokens(fold, written, &tokens))
		return false;
	for (size_t i = 0; i < tokens.count; i++) {
		size_t length = strlen(tokens.at[i]);
		if (len + length + 2 > sizeof joined)
			return false;
		if (i > 0)
			joined[len++] = ' ';
		memcpy(joined + len, tokens.at[i], length);
		len += length;
	}
	return take_country(find_row(bytes_of(joined, len), countries, COUNT(countries), sizeof *countries), into);
}

bool person_country_of_phone(struct bytes number, char into[3])
{
	if (number.len < 8 || number.at[0] != '+')
		return false;
	for (size_t digits = 3; digits >= 2; digits--) {
		struct bytes code = bytes_slice(number, 1, digits);
		if (take_country(find_row(code, calling_codes, COUNT(calling_codes), sizeof *calling_codes), into))
			return true;
	}
	return false;
}

/* ---- posts ---- */

bool person_is_role(struct fold *fold, struct bytes line)
{
	struct tokens tokens;
	line = bytes_trim(line);
	if (line.len == 0 || line.len > ROLE_LINE_MAX || !read_tokens(fold, line, &tokens) || tokens.count > 7)
		return false;
	for (size_t i = 0; i < tokens.count; i++)
		if (find_row(bytes_of_string(tokens.at[i]), role_words, COUNT(role_words), sizeof *role_words) != NULL)
			return true;
	return false;
}
