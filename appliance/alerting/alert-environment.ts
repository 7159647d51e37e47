import { type Alert, headline } from './alert.ts'

/** For a script that does not read JSON. */
export const alertEnvironment = (alert: Alert): Readonly<Record<string, string>> => ({
  DIARCH_ALERT_ID: alert.id,
  DIARCH_ALERT_TIME: alert.at,
  DIARCH_ALERT_BOX: clean(alert.box),
  DIARCH_ALERT_STATE: alert.state,
  DIARCH_ALERT_TOPIC: alert.topic,
  DIARCH_ALERT_SUBJECT: clean(alert.subject),
  DIARCH_ALERT_TEXT: clean(headline(alert)),
})

/** An environment takes no zero, and nobody expects a second line in a variable. */
const clean = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ')
