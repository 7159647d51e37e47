/** What a machine is made of, and how it is: asked now and then, and not part of the status. */
export type MachineHealth = {
  readonly cpu: {
    readonly model: string
    readonly cores: number
    readonly busyPercent: number
    /** Of the last 1, 5 and 15 minutes. */
    readonly load: readonly number[]
  }
  readonly memory: {
    readonly totalMiB: number
    readonly availableMiB: number
    readonly cachesMiB: number
    readonly swapTotalMiB: number
    readonly swapUsedMiB: number
  }
  readonly temperatures: readonly Temperature[]
  readonly disks: readonly Disk[]
  readonly volumes: readonly {
    readonly path: string
    readonly sizeMiB: number
    readonly freeMiB: number
  }[]
  /** Null: firmware does not say. */
  readonly machine: {
    readonly vendor: string | null
    readonly product: string | null
    readonly firmware: string | null
    readonly isVirtual: boolean
  }
  readonly ports: readonly PortCounters[]
  readonly kernel: string
  readonly uptimeSeconds: number
}

export type Temperature = {
  readonly name: string
  readonly celsius: number
  readonly criticalCelsius: number | null
}

export type Disk = {
  readonly name: string
  readonly model: string
  readonly sizeMiB: number
  readonly rotates: boolean
}

/** Since the machine has started. */
export type PortCounters = {
  readonly name: string
  /** Null: there is no link, or the driver does not say. */
  readonly duplex: 'full' | 'half' | null
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly receiveErrors: number
  readonly sendErrors: number
  readonly dropped: number
}

export type CertificateStatus = {
  readonly fingerprint: string
  readonly validFrom: string
  readonly validUntil: string
}
