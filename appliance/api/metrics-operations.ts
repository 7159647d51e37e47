import type { OperationDescription } from './operation.ts'

/** For Prometheus: a token with the role of a viewer is enough. */
export const metricsOperations = {
  showMetrics: {
    method: 'GET',
    role: 'viewer',
    path: '/api/v1/metrics',
    query: {
      names: '`keepalived`: those of the exporter for keepalived too',
    },
    body: null,
    summary: 'Figures of the box, its routers, services and servers, in the format of Prometheus',
    answer: { kind: 'file', type: 'text/plain; version=0.0.4; charset=utf-8' },
    problems: [],
  },
} as const satisfies Record<string, OperationDescription>
