// One JSON object a line. Keys, passwords, codes, names and addresses are in none of them.
export function log(level, message, more = {}) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...more })}\n`);
}
