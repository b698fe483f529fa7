import { readFile } from 'node:fs/promises'
import { basename, relative, resolve } from 'node:path'
import { scaffold } from './scaffold.ts'

/** Makes the folder of a deployment; resolves with what to do next. */
export async function createDeployment(folder: string): Promise<string[]> {
  const name = basename(resolve(folder))
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name))
    throw new Error(`${name} cannot be the name of a package: use lower-case letters, digits and hyphens.`)
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { readonly version: string }
  await scaffold({ template: new URL('../template/', import.meta.url), folder, name, version })
  const place = relative(process.cwd(), resolve(folder)) || '.'
  return [`${name} is in ${place}. Next:`, '', `  cd ${place}`, '  npm install', '  npm start']
}
