import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { scaffold } from 'create-signalbox'
import { pluginNames } from './pluginNames.ts'

/** Makes a plugin’s folder; resolves with what to do next. */
export async function createPlugin(typed: string): Promise<string[]> {
  const names = pluginNames(typed)
  const snake = names.short.replaceAll('-', '_')
  const words: Readonly<Record<string, string>> = {
    'signalbox-plugin-gatehouse': names.package,
    gatehouse_: `${snake}_`,
    GATEHOUSE_: `${snake.toUpperCase()}_`,
    gatehouse: names.identifier
  }
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { readonly version: string }
  await scaffold({
    template: new URL('../template/', import.meta.url),
    folder: names.folder,
    name: names.package,
    version,
    // The template is a plugin that works, and is called gatehouse.
    rewrite: (source) =>
      source.replaceAll(/signalbox-plugin-gatehouse|gatehouse_?|GATEHOUSE_/g, (word) => words[word] ?? word)
  })
  const place = relative(process.cwd(), resolve(names.folder)) || '.'
  return [
    `${names.package} is in ${place}. Next:`,
    '',
    `  cd ${place}`,
    '  npm install',
    '  npm test',
    '  npm run dev'
  ]
}
