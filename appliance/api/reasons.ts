/**
 * Why the control API refuses something: stable tokens for scripts. A log line about it has the
 * same token. Other tokens have their own lists: adverts in vrrp/rejection.ts, checks in
 * health/check.ts; alarms stand in the status.
 */

/** Any operation may be refused so. */
export const commonReasons = {
  'no-such-path': 'There is no operation under this path.',
  'method-not-allowed': 'The path is there, and does not understand this method.',
  'unknown-query': 'The query string has a key that the operation does not know.',
  'not-logged-in': 'The operation needs a session or a token, and there was no valid one.',
  'not-allowed': 'The role of the caller does not suffice.',
  'not-json': 'The body is not JSON.',
  'body-refused': 'The body is not what the operation takes; `findings` say where.',
  'body-too-large': 'The body is longer than the operation takes.',
  failed: 'The supervisor could not do it, and should have been able to.',
  'setup-not-finished': 'There is no user yet: the first one is made at the console.',
  'cross-site': 'The request comes from a page of somebody else.',
  'csrf-token-missing': 'A request with a session lacks its X-CSRF-Token, or has a wrong one.',
  'too-many-requests': 'Too much is asked at once; Retry-After says when to come again.',
  'no-supervisor': 'The web process cannot reach the supervisor.',
  'state-unknown': 'The web process has not heard from the supervisor for a while.',
  'too-many-streams': 'Too many follow the state of the box; Retry-After says when to come again.',
  'bad-request': 'The request could not be understood.',
} as const

/** Of single operations: their descriptions say which they have. */
const ownReasons = {
  'login-refused': 'The user or the password is not right.',
  'too-many-attempts': 'A login has to wait; Retry-After says how many seconds.',
  'no-session': 'The caller has no session, but a token, or is on the box itself.',
  'no-such-user': 'The configuration has no user of this name.',
  'no-such-token': 'The configuration has no token of this name.',
  'token-exists': 'There is a token of this name already.',

  'no-such-process': 'No process of the box has this name.',
  'supervisor-stopping': 'The supervisor is about to end.',
  'no-routers': 'The configuration names no virtual routers.',
  'no-such-router': 'No virtual router has this name.',
  'not-master': 'Only a master can be failed over.',
  'no-services': 'The configuration names no services.',
  'no-such-service': 'No service has this name.',
  'no-such-server': 'The service has no server of this name.',
  'no-such-channel': 'The configuration has no channel for alerts of this name.',
  'channel-failed': 'The test was not taken; `detail` is what the server said.',
  'no-such-device': 'The configuration has no device of this name that switches the other box.',
  'device-failed': 'The device did not do it; `detail` is what it said.',
  'not-awaited': 'Nobody waits for the other box to be switched off.',
  'no-answer': 'The director does not run, or has not answered in time.',

  'no-such-revision': 'The revision is not kept any more, never was, or cannot be read.',
  'configuration-refused': 'The document is not valid; `findings` say where and why.',
  'bad-change': 'The request contradicts itself, or its patch does not fit the document.',
  'secrets-missing': 'The document keeps a secret that there is not; `places` say which.',
  'stale-revision': 'Somebody else was faster; `differences` is what has changed since.',
  'on-trial': 'Another change is on trial: confirm it or end it first.',
  'nothing-before': 'There is no earlier revision to go back to.',
  'nothing-on-trial': 'No change is on trial.',
  'not-taken': 'A process refused the change, and all have the one before again.',
  'not-written': 'What is to be kept could not be written; nothing has changed.',
  'configuration-in-file': 'The configuration is read from a file, which is changed itself.',
  'configuration-in-store': 'There is no file to read: the configuration is changed here.',
  'not-paired': 'This box is paired with nobody.',
  'already-paired': 'This box is paired with another, which is there: leave that pair first.',
  'pair-not-running': 'The process that has the connection to the other box does not start.',
  'no-peer': 'No box answers at the address.',
  'no-code': 'The other box shows no pairing code.',
  'wrong-code': 'The other box shows another pairing code.',
  'versions-differ': 'The two boxes have different software.',
  'no-conflict': 'The two boxes are in no conflict.',
  'not-in-sync': 'The two boxes are not connected, or have not the same yet.',

  'not-the-image': 'This runs without the image: the machine belongs to somebody else.',
  'wrong-hostname': 'The host name is not that of this box.',
  'no-such-flight': 'The box has no recording of this number, or none any more.',
  'no-such-port': 'The box has no port of this name.',
  'port-name-refused': 'The port cannot be called so.',
  'port-in-use': 'The port is there, or the configuration needs one of this name.',
  'cannot-blink': 'The driver of the port cannot make it blink, or it blinks already.',
  'not-at-console': 'This is for people who have logged in at a console of the box.',

  'upgrade-under-way': 'Somebody is sending an upgrade already.',
  'slot-on-trial': 'The software that runs is not confirmed yet: the other slot is the way back.',
  'not-a-slot': 'What was sent is no software for this box.',
  'signature-required':
    'Those who built the running software have not signed this one; only the box itself takes it.',
  'not-signed': 'Those who built the running software have not signed this one.',
  'older-schema': 'The software knows an older schema of the configuration only.',
  'upgrade-failed': 'The software did not get into the slot as a whole; `detail` says why.',
  'no-software': 'The other box does not give the software that it runs.',
  'no-upgrade': 'No software waits for the next start.',

  'no-certificate': 'The page has no certificate that is kept.',
  'wrong-passphrase': 'The passphrase does not open the backup, or none was given.',
  'no-configuration': 'There is no configuration yet.',
  'too-much-work':
    'The file would take more time or memory than the box gives, or others wait: see `detail`.',
} as const

export const problemReasons = { ...commonReasons, ...ownReasons } as const

export type ProblemReason = keyof typeof problemReasons
