import { PlatformError, type Command, type Connection } from '@signalbox/plugin'
import { Compile } from 'typebox/compile'
import { fieldErrors } from '../resources/fieldErrors.ts'
import { requireShallow } from '../resources/requireShallow.ts'

type Handler = (input: any, connection: Connection) => unknown

interface Registered {
  readonly command: Command
  readonly handler: Handler
  readonly check: ReturnType<typeof Compile>
}

/** The named socket commands of all plugins. */
export class Commands {
  readonly #byName = new Map<string, Registered>()

  add(command: Command, handler: Handler): void {
    if (this.#byName.has(command.name))
      throw new Error(`The socket command ${command.name} is declared twice.`)
    this.#byName.set(command.name, { command, handler, check: Compile(command.input) })
  }

  find(name: string): Command | undefined {
    return this.#byName.get(name)?.command
  }

  async run(name: string, input: unknown, connection: Connection): Promise<unknown> {
    const { handler, check } = this.#byName.get(name) as Registered
    requireShallow(input)
    if (!check.Check(input)) {
      throw new PlatformError('invalid', 'Invalid parameters', { errors: fieldErrors(check.Errors(input)) })
    }
    return handler(input, connection)
  }
}
