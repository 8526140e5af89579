// SPDX-License-Identifier: Apache-2.0
// The fictitious organisations of the demo leak, their people and their projects.
// The first is the owner of the storage; the other nine are those it does business with.

const organisation = (domain, name, country, city, people, projects) =>
  ({ domain, name, country, city, people, projects, folder: domain.split('.')[0] });

export const organisations = [
  organisation('fabrikam.com', 'Fabrikam Inc.', 'US', 'Portland',
    ['Dana Whitlock', 'Oskar Lindgren', 'Priya Raman', 'Tom Calloway'], ['Cedar']),
  organisation('contoso.com', 'Contoso Ltd.', 'US', 'Seattle',
    ['Anna Bergstrom', 'Miguel Ortega', 'Helen Park', 'Samir Haddad'], ['Halcyon', 'Blue Heron']),
  organisation('northwindtraders.com', 'Northwind Traders', 'US', 'Tacoma',
    ['Grace Okafor', 'Peter Novak', 'Lena Fischer'], ['Saltmarsh', 'Longline']),
  organisation('tailspintoys.com', 'Tailspin Toys', 'US', 'Denver',
    ['Rosa Delgado', 'Will Brandt', 'Yuki Tanaka'], ['Paper Plane', 'Carousel']),
  organisation('adventure-works.com', 'Adventure Works Cycles', 'US', 'Bothell',
    ['Ken Sandoval', 'Ines Moreau', 'Jo Bradley'], ['Switchback', 'Summit']),
  organisation('wideworldimporters.com', 'Wide World Importers', 'US', 'San Francisco',
    ['Amara Diallo', 'Victor Chen', 'Ruth Keller'], ['Harbour', 'Cloverleaf']),
  organisation('litwareinc.com', 'Litware, Inc.', 'US', 'Boston',
    ['Noah Feldman', 'Clara Jensen', 'Omar Aziz'], ['Foxglove', 'Lantern']),
  organisation('proseware.com', 'Proseware, Inc.', 'CA', 'Toronto',
    ['Elise Tremblay', 'Marcus Reid', 'Hana Kim'], ['Quill', 'Inkwell']),
  organisation('ambleforth-textiles.co.uk', 'Ambleforth Textiles Ltd', 'GB', 'Leeds',
    ['Fiona Ashworth', 'Colin Marsh', 'Nadia Rahman'], ['Weaver', 'Spindle']),
  organisation('kranichfeld-maschinen.de', 'Kranichfeld Maschinen GmbH', 'DE', 'Erfurt',
    ['Jürgen Müller', 'Sabine Vogt', 'Katrin Schäfer'], ['Zahnrad', 'Drehscheibe']),
];

export const owner = organisations[0];
export const customers = organisations.slice(1);
export const years = [2017, 2018, 2019, 2020, 2021, 2022];

const plain = (text) => text.toLowerCase()
  .replaceAll('ü', 'ue').replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll(' ', '.');

export const addressOf = (person, { domain }) => `${plain(person)}@${domain}`;
