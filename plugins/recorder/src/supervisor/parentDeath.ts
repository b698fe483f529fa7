import { runTool } from '../ffmpeg/runTool.ts'
import { findOnPath } from '../ffmpeg/executable.ts'

const DIE_WITH_PARENT = ['--pdeathsig', 'INT', '--']

async function find(): Promise<readonly string[]> {
  const setpriv = await findOnPath('setpriv', process.env.PATH ?? '/usr/bin:/bin')
  if (setpriv === undefined || process.platform !== 'linux') return []
  // The setpriv of BusyBox has no such option.
  const { exitCode } = await runTool(setpriv, [...DIE_WITH_PARENT, process.execPath, '--version'])
  return exitCode === 0 ? [setpriv, ...DIE_WITH_PARENT] : []
}

let found: Promise<readonly string[]> | undefined

/**
 * What to put before a command so that the kernel ends it when this process dies, even by SIGKILL; empty where the system
 * cannot. A recorder without supervisor minds no full disk and holds one of the camera's few sessions. Linux gives
 * the signal twice to the child of a parent with threads, and ffmpeg then quits at once: fragmented MP4 loses at most
 * one group of pictures by it. Where this is missing, `endOrphans` at the next boot does the same.
 */
export function dieWithParent(): Promise<readonly string[]> {
  found ??= find()
  return found
}
