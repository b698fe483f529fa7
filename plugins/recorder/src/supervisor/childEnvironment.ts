/** The variables by which a process is found again; see `findOrphans`. */
export const MARK = {
  instance: 'SIGNALBOX_INSTANCE',
  job: 'SIGNALBOX_JOB_ID',
  run: 'SIGNALBOX_RUN_ID',
  platform: 'SIGNALBOX_PLATFORM_PID'
} as const

// What a program needs to start, to talk TLS and to find a graphics card. The rest of the platform's environment is
// full of secrets that are none of ffmpeg's business.
const PASSED_ON =
  /^(PATH|HOME|USER|TMPDIR|TEMP|TMP|LANG|LC_\w+|LD_LIBRARY_PATH|DYLD_\w+|SSL_CERT_\w+|\w+_proxy|SYSTEMROOT|XDG_RUNTIME_DIR|LIBVA_\w+|CUDA_\w+|NVIDIA_\w+)$/i

/** The identity of one run, as its process carries it. */
export interface RunMark {
  /** Names the data directory of the platform, so that two platforms of one machine leave each other alone. */
  instance: string
  jobId: string
  runId: string
}

/** The environment of a run's process. */
export function childEnvironment({ instance, jobId, runId }: RunMark): Record<string, string> {
  const env: Record<string, string> = { TZ: 'UTC' }
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && PASSED_ON.test(name)) env[name] = value
  }
  return {
    ...env,
    [MARK.instance]: instance,
    [MARK.job]: jobId,
    [MARK.run]: runId,
    [MARK.platform]: String(process.pid)
  }
}
