import { invalidField, type Setting, type Settings as DeclaredSettings } from '@signalbox/plugin'
import { Compile } from 'typebox/compile'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import { recordChange } from '../feed/recordChange.ts'
import { fieldErrors } from '../resources/fieldErrors.ts'

interface Declared {
  readonly setting: Setting
  readonly check: ReturnType<typeof Compile>
}

/** Values that an administrator changes while the platform runs, by key `<plugin>.<name>`. */
export class Settings {
  readonly #units: UnitsOfWork
  readonly #onChange: () => void
  readonly #declared = new Map<string, Declared>()
  readonly #values = new Map<string, unknown>()
  /** Grows with each change here: what was being read meanwhile may be older. */
  #changes = 0

  constructor(units: UnitsOfWork, onChange: () => void) {
    this.#units = units
    this.#onChange = onChange
  }

  declare(plugin: string, settings: DeclaredSettings): void {
    for (const [name, setting] of Object.entries(settings)) {
      this.#declared.set(`${plugin}.${name}`, { setting, check: Compile(setting.schema) })
    }
  }

  /** Reads what is stored. A stored value that no longer fits its declaration gives way to the default. */
  async load(): Promise<void> {
    const changes = this.#changes
    const rows = (await this.#units.db()('core_settings').select('key', 'value')) as {
      key: string
      value: unknown
    }[]
    if (changes !== this.#changes) return this.load()
    for (const { key, value } of rows) {
      if (this.#declared.get(key)?.check.Check(value)) this.#values.set(key, value)
    }
  }

  get(key: string): unknown {
    const declared = this.#declared.get(key)
    if (!declared) throw new Error(`There is no setting ${key}.`)
    return this.#values.has(key)
      ? this.#values.get(key)
      : (declared.setting.schema as { default?: unknown }).default
  }

  all(): Record<string, unknown> {
    return Object.fromEntries([...this.#declared.keys()].sort().map((key) => [key, this.get(key)]))
  }

  /** Sets several at once: all of them or, where one is wrong, none. */
  async change(values: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    for (const [key, value] of Object.entries(values)) this.#check(key, value)
    await this.#units.run(async () => {
      for (const [key, value] of Object.entries(values)) await this.#store(key, value)
      this.#units.afterCommit(() => {
        this.#changes++
        for (const [key, value] of Object.entries(values)) this.#values.set(key, value)
        this.#onChange()
      })
    })
    return this.all()
  }

  #check(key: string, value: unknown): void {
    const declared = this.#declared.get(key)
    if (!declared) throw invalidField(key, 'is not a setting')
    const [fault] = fieldErrors(declared.check.Errors(value))
    if (fault) throw invalidField(key, fault.message)
  }

  async #store(key: string, value: unknown): Promise<void> {
    await this.#units
      .db()('core_settings')
      .insert({ key, value: JSON.stringify(value) })
      .onConflict('key')
      .merge({ value: JSON.stringify(value), updated_at: new Date() })
    await recordChange(this.#units.db(), {
      resource: 'settings',
      recordId: key,
      action: 'patched',
      record: { key, value }
    })
  }
}
