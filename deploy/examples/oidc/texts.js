// What people read, in English and German. The language is the first of these two that the browser asks for.
const english = {
  language: 'en',
  company: 'Example Company',
  password: {
    title: 'Sign in',
    to: (application) => `to continue to ${application}`,
    name: 'User name',
    password: 'Password',
    submit: 'Sign in',
    wrong: 'User name or password is not right. Please try again.',
    tooMany: 'Too many wrong codes. Please sign in again.',
  },
  code: {
    title: 'One more step',
    why: 'To make sure that it is you, enter the six digits that your authenticator app shows now.',
    code: 'Six-digit code',
    submit: 'Continue',
    wrong: 'That code is not right, or was used before. Wait for the next one and enter it.',
    again: 'Sign in with another account',
  },
  blocked: {
    title: 'This sign-in was refused',
    why: 'We saw signs of an attack from your internet connection or against this account. Your password was not checked, so it may well be right.',
    what: 'What you can do',
    steps: [
      'Use another connection, such as the mobile network of your phone.',
      'Or try again later: such a block usually ends by itself within hours.',
      'If you have to get in now, ask your administrator and pass on these two lines:',
    ],
    address: 'Your address',
    time: 'Time',
  },
  withoutFactor: {
    title: 'We need a second proof that it is you',
    why: 'This sign-in is unusual for your account, and no authenticator app is set up that could confirm it. Nobody was let in.',
    what: 'What you can do',
    steps: [
      'Sign in with a device, and from a place, that you used before.',
      'Or ask your administrator to set up an authenticator app for your account.',
      'If it was not you who signed in, tell your administrator: somebody knows your password.',
    ],
  },
  ended: {
    title: 'Please begin again',
    why: 'This page was open for too long, or belongs to another browser. Nothing is lost.',
    again: 'Begin again',
  },
};

const german = {
  language: 'de',
  company: 'Beispiel GmbH',
  password: {
    title: 'Anmelden',
    to: (application) => `weiter zu ${application}`,
    name: 'Benutzername',
    password: 'Passwort',
    submit: 'Anmelden',
    wrong: 'Benutzername oder Passwort stimmt nicht. Bitte versuchen Sie es noch einmal.',
    tooMany: 'Zu viele falsche Codes. Bitte melden Sie sich noch einmal an.',
  },
  code: {
    title: 'Noch ein Schritt',
    why: 'Damit wir sicher sind, dass Sie es sind, geben Sie bitte die sechs Ziffern ein, die Ihre Authenticator-App gerade zeigt.',
    code: 'Sechsstelliger Code',
    submit: 'Weiter',
    wrong: 'Dieser Code stimmt nicht oder wurde schon benutzt. Warten Sie auf den nächsten und geben Sie ihn ein.',
    again: 'Mit einem anderen Konto anmelden',
  },
  blocked: {
    title: 'Diese Anmeldung wurde abgelehnt',
    why: 'Von Ihrem Internetanschluss oder gegen dieses Konto gab es Anzeichen eines Angriffs. Ihr Passwort wurde nicht geprüft, es kann also richtig gewesen sein.',
    what: 'Was Sie tun können',
    steps: [
      'Benutzen Sie eine andere Verbindung, zum Beispiel das Mobilfunknetz Ihres Telefons.',
      'Oder versuchen Sie es später wieder: Eine solche Sperre endet meist nach einigen Stunden von selbst.',
      'Wenn es eilt, wenden Sie sich an Ihre Administration und nennen Sie diese beiden Zeilen:',
    ],
    address: 'Ihre Adresse',
    time: 'Zeit',
  },
  withoutFactor: {
    title: 'Wir brauchen einen zweiten Nachweis, dass Sie es sind',
    why: 'Diese Anmeldung ist für Ihr Konto ungewöhnlich, und es ist keine Authenticator-App eingerichtet, die sie bestätigen könnte. Niemand wurde eingelassen.',
    what: 'Was Sie tun können',
    steps: [
      'Melden Sie sich mit einem Gerät und an einem Ort an, die Sie schon benutzt haben.',
      'Oder bitten Sie Ihre Administration, für Ihr Konto eine Authenticator-App einzurichten.',
      'Wenn nicht Sie sich angemeldet haben, sagen Sie es Ihrer Administration: Jemand kennt Ihr Passwort.',
    ],
  },
  ended: {
    title: 'Bitte beginnen Sie neu',
    why: 'Diese Seite war zu lange offen oder gehört zu einem anderen Browser. Nichts ist verloren.',
    again: 'Neu beginnen',
  },
};

/** RFC 9110, section 12.5.4: the language wanted most of those that are there; English where none is. */
export function textsFor(acceptLanguage = '') {
  const wanted = acceptLanguage
    .split(',', 20)
    .map((entry) => /^\s*([a-z]{2})\b[^;]*(?:;\s*q=([\d.]+))?/i.exec(entry))
    .filter(Boolean)
    .map(([, language, quality]) => ({ language: language.toLowerCase(), quality: Number(quality ?? 1) }))
    .filter(({ language, quality }) => quality > 0 && ['en', 'de'].includes(language))
    .sort((one, other) => other.quality - one.quality);
  return wanted[0]?.language === 'de' ? german : english;
}
