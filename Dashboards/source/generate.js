// Writes the boards beside this folder, one JSON file each. With --check it writes nothing and says which files are stale.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const target = new URL('../', import.meta.url);
const modules = readdirSync(new URL('boards/', import.meta.url)).filter((name) => name.endsWith('.js')).sort();
let stale = 0;
for (const module of modules) {
  const { default: board } = await import(`./boards/${module}`);
  const file = new URL(module.replace(/js$/, 'json'), target);
  const text = `${JSON.stringify(board, null, 2)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (read(file) !== text) {
    stale++;
    console.error(`${module.replace(/js$/, 'json')} is stale: npm run generate`);
  }
}

process.exit(stale === 0 ? 0 : 1);

/** @param {URL} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
