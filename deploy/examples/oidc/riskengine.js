// Asking RiskEngine: may this one in? This file and events.js are what to copy into a provider of your own.
import { log } from './log.js';

const longestAnswer = 65536;

/**
 * Asks once, for `wait` seconds at most, and says what to do.
 *
 * - `allow`, `notify`, `challenge`, `block`: do it. To notify is to let in; whom to tell is RiskEngine's part.
 * - `watched`: RiskEngine decided something and does not enforce it, as in monitor mode. Let in.
 * - `unknown`: no answer. What follows is for the caller to say; nobody is refused for want of one.
 *
 * Never throws. No retries: a person waits. No redirections: the key would go along. Why there was no answer stands in the log.
 */
export async function evaluate({ url, evaluateKey, wait }, question) {
  let reason;
  try {
    if (!evaluateKey) throw new Unanswered('no key');
    const response = await fetch(`${url}/api/v1/evaluate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${evaluateKey}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(question),
      redirect: 'manual',
      // From the first look at a name server to the last byte of the answer.
      signal: AbortSignal.timeout(wait * 1000),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Unanswered(`status ${response.status}`);
    }

    return obey(JSON.parse(await read(response)));
  } catch (fault) {
    reason = fault instanceof Unanswered ? fault.message : fault.cause?.code ?? fault.name;
  }

  log('warning', 'RiskEngine gave no answer: nobody was asked about this login', { reason, request_id: question.request_id });
  return 'unknown';
}

/** What follows of an answer. A block that RiskEngine's valve held back is a challenge, although it is not enforced. */
function obey(answer) {
  const { decision, enforced, valve } = answer ?? {};
  if (!['allow', 'notify', 'challenge', 'block'].includes(decision) || typeof enforced !== 'boolean') throw new Unanswered('not understood');
  return enforced || valve ? decision : 'watched';
}

async function read(response) {
  const pieces = [];
  let length = 0;
  for await (const piece of response.body) {
    length += piece.length;
    if (length > longestAnswer) throw new Unanswered('too long');
    pieces.push(piece);
  }

  return Buffer.concat(pieces).toString();
}

class Unanswered extends Error {}
