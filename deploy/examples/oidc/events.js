// Telling RiskEngine what happened, at least once and in order, while no login waits for it.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { log } from './log.js';

/** What may wait in memory; then the newest is dropped, and counted. */
const capacity = 1000;
const together = 100;
const patience = 5000;
const longestPause = 30_000;

/** Events on their way. What waits is lost when the process is killed; keep it in a table beside the logins where that must not be. */
export class Events {
  #waiting = [];
  #dropped = 0;
  #sending;
  #stopped = new AbortController();

  constructor({ url, eventsKey }) {
    this.url = `${url}/api/v1/events`;
    this.key = eventsKey;
    if (!eventsKey) log('warning', 'No key to tell RiskEngine anything with: it learns nothing of these logins', { setting: 'EVENTS_KEY_FILE' });
  }

  /** Takes an event. Its id makes a repetition harmless. */
  tell(event) {
    if (!this.key) return;
    if (this.#waiting.length >= capacity) {
      if (this.#dropped++ === 0) log('error', 'Too many events wait for RiskEngine: newer ones are dropped', { capacity });
      return;
    }

    this.#waiting.push(JSON.stringify({ id: randomUUID(), occurred_at: new Date().toISOString(), ...event }));
    this.#sending ??= this.#send();
  }

  /** Sends what waits, for so long and no longer. */
  async stop(milliseconds) {
    const enough = setTimeout(() => this.#stopped.abort(), milliseconds);
    await this.#sending;
    clearTimeout(enough);
    if (this.#waiting.length > 0) log('error', 'Events that RiskEngine was not told of are lost', { count: this.#waiting.length });
  }

  async #send() {
    for (let failures = 0; this.#waiting.length > 0 && !this.#stopped.signal.aborted;) {
      const some = this.#waiting.slice(0, together);
      const reason = await this.#post(some);
      if (!reason) {
        if (failures > 0) log('info', 'RiskEngine is told of logins again', { dropped: this.#dropped });
        [failures, this.#dropped] = [0, 0];
        this.#waiting.splice(0, some.length);
        continue;
      }

      if (failures++ === 0) log('warning', 'RiskEngine could not be told of logins: they wait', { reason });
      const pause = Math.min(longestPause, 250 * 2 ** failures) * (0.5 + Math.random() / 2);
      await wait(pause, undefined, { signal: this.#stopped.signal }).catch(() => {});
    }

    // In the same breath as the last look at what waits, so that an event told from now on is sent anew.
    this.#sending = undefined;
  }

  /** Of NDJSON the good lines are taken and the bad ones told, so that one cannot hold up the others. */
  async #post(lines) {
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/x-ndjson' },
        body: lines.join('\n'),
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(patience), this.#stopped.signal]),
      });
      if (response.status !== 202) {
        await response.body?.cancel();
        return `status ${response.status}`;
      }

      const { rejected = [] } = await response.json();
      for (const { code } of rejected) log('error', 'RiskEngine refused an event', { reason: code });
      return undefined;
    } catch (fault) {
      return fault.cause?.code ?? fault.name;
    }
  }
}
