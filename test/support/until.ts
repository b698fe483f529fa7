export { until } from '../../sdk/testing/src/until.ts'
