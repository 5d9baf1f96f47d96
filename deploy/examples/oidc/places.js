// Places to pretend to come from, in networks that are reserved for documentation (RFC 5737): `node places.js FILE` writes them as a location database,
// since no real one knows these networks. The format is MaxMind DB, version 2, as small as it can be.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const places = [
  { network: '192.0.2.0', city: 'Berlin', country: 'DE', latitude: 52.5, longitude: 13.4 },
  { network: '198.51.100.0', city: 'São Paulo', country: 'BR', latitude: -23.5, longitude: -46.6 },
  { network: '203.0.113.0', city: 'Tokyo', country: 'JP', latitude: 35.7, longitude: 139.7 },
];

const bits = 24;

function database() {
  // A tree of bits: each node has two records, a number of a node or what is known of a network.
  const nodes = [[undefined, undefined]];
  const pieces = [];
  let length = 0;
  for (const { network, city, country, latitude, longitude } of places) {
    const piece = map([['country_code', text(country)], ['city', text(city)], ['latitude', double(latitude)], ['longitude', double(longitude)]]);
    const path = network.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('').slice(0, bits);
    let node = nodes[0];
    for (const bit of path.slice(0, -1)) {
      if (node[bit] === undefined) node[bit] = nodes.push([undefined, undefined]) - 1;
      node = nodes[node[bit]];
    }

    node[path.at(-1)] = { offset: length };
    pieces.push(piece);
    length += piece.length;
  }

  const tree = Buffer.alloc(nodes.length * 6);
  nodes.flat().forEach((record, at) => {
    const value = record === undefined ? nodes.length : typeof record === 'number' ? record : nodes.length + 16 + record.offset;
    tree.writeUIntBE(value, at * 3, 3);
  });
  const metadata = map([
    ['binary_format_major_version', unsigned(5, 2)],
    ['binary_format_minor_version', unsigned(5, 0)],
    ['build_epoch', unsigned(9, Math.floor(Date.now() / 1000))],
    ['database_type', text('Example')],
    ['description', map([['en', text('Places of the example')]])],
    ['ip_version', unsigned(5, 4)],
    ['languages', Buffer.from([0, 4])],
    ['node_count', unsigned(6, nodes.length)],
    ['record_size', unsigned(5, 24)],
  ]);
  return Buffer.concat([tree, Buffer.alloc(16), ...pieces, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), metadata]);
}

function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([bytes.length < 29 ? Buffer.from([0x40 | bytes.length]) : Buffer.from([0x5d, bytes.length - 29]), bytes]);
}

function double(value) {
  const bytes = Buffer.alloc(9, 0x68);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

/** Types 5 and 6 are unsigned numbers of 16 and 32 bits, type 9 one of 64, which is written as an extended type. */
function unsigned(type, value) {
  const bytes = value === 0 ? [] : [...Buffer.from(value.toString(16).padStart(8, '0'), 'hex')].slice(type === 5 ? 2 : 0);
  return Buffer.from(type > 7 ? [bytes.length, type - 7, ...bytes] : [(type << 5) | bytes.length, ...bytes]);
}

function map(entries) {
  return Buffer.concat([Buffer.from([0xe0 | entries.length]), ...entries.flatMap(([key, value]) => [text(key), value])]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(process.argv[2], database());
