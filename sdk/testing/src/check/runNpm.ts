import { execFile } from 'node:child_process'

/** Runs npm; resolves with its standard output, rejects with what it printed. */
export function runNpm(args: readonly string[], cwd: string): Promise<string> {
  const isWindows = process.platform === 'win32'
  const options = { cwd, maxBuffer: 64 * 1024 * 1024, shell: isWindows }
  return new Promise((resolve, reject) => {
    execFile(
      'npm',
      ['--no-audit', '--no-fund', '--loglevel=error', ...args],
      options,
      (error, stdout, stderr) => {
        if (!error) resolve(stdout)
        else
          reject(
            new Error(`npm ${args[0]} failed: ${[stderr, stdout].map((text) => text.trim()).join('\n')}`)
          )
      }
    )
  })
}
