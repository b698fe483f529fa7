import { Counter } from './Counter.ts'
import { Histogram } from './Histogram.ts'
import type { Metric } from './Metric.ts'

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string
  /** The pattern of the route, such as `/api/cameras/:id`; `none` where nothing is there. Never the path itself. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

/** A socket call or command that was answered. */
export interface AnsweredCall {
  /** `cameras.find`, or a command’s name; `none` for what nobody knows. */
  readonly call: string
  /** The status that REST would have answered with. */
  readonly status: number
  readonly seconds: number
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Counts what the doors answer. */
export class Traffic {
  readonly #requests = new Counter('signalbox_http_requests_total', 'HTTP requests answered')
  readonly #requestSeconds = new Histogram(
    'signalbox_http_request_duration_seconds',
    'Time to answer an HTTP request',
    bounds
  )
  readonly #calls = new Counter('signalbox_socket_calls_total', 'Socket calls and commands answered')
  readonly #callSeconds = new Histogram(
    'signalbox_socket_call_duration_seconds',
    'Time to answer a socket call or command',
    bounds
  )

  readonly request = ({ method, route, status, seconds }: AnsweredRequest): void => {
    this.#requests.add({ method, route, status: String(status) })
    this.#requestSeconds.observe({ method, route }, seconds)
  }

  readonly call = ({ call, status, seconds }: AnsweredCall): void => {
    this.#calls.add({ call, status: String(status) })
    this.#callSeconds.observe({ call }, seconds)
  }

  read(): Metric[] {
    return [this.#requests, this.#requestSeconds, this.#calls, this.#callSeconds].map((one) => one.read())
  }
}
