/** Of a channel of the kind `file`, below the folder where a box keeps what stays. */
export const alertLogPath = (stateFolder: string, channel: string): string =>
  `${stateFolder}/alerts/${channel}.log`
