const KNOWN: readonly [RegExp, string][] = [
  [/401 Unauthorized|authorization failed/i, '401 unauthorized: check the user name and the password'],
  [/403 Forbidden|access denied/i, '403 forbidden: this user may not see the stream'],
  [/404 (Stream )?Not Found|404 Not Found/i, '404 not found: check the path of the stream'],
  [/503 Service Unavailable/i, '503 service unavailable: the camera has no free session, or is starting'],
  [/Connection refused|ECONNREFUSED/i, 'connection refused: nothing listens at this address and port'],
  [
    /No route to host|Network is unreachable|Host is unreachable|E(HOST|NET)UNREACH/i,
    'no route to the camera: check the network'
  ],
  [
    /Failed to resolve hostname|Name or service not known|Temporary failure in name resolution|ENOTFOUND|EAI_AGAIN/i,
    'the host name does not resolve: check the address'
  ],
  [/Connection timed out|Operation timed out|ETIMEDOUT/i, 'timed out: the camera stopped answering'],
  [/Connection reset by peer|Broken pipe|ECONNRESET/i, 'the camera closed the connection'],
  [/No space left on device/i, 'no space left on the disk'],
  [/Permission denied/i, 'permission denied: the platform may not read or write there'],
  [/No such file or directory/i, 'no such file or directory'],
  [
    /Unrecognized option|Option .* not found|Error (parsing|splitting) /i,
    'ffmpeg does not know one of the options'
  ],
  [/Unknown encoder/i, 'this ffmpeg has no such encoder'],
  [/Filtering and streamcopy/i, 'a filter needs a codec other than copy'],
  [/does not contain any stream|matches no streams/i, 'the stream has no video'],
  [/moov atom not found|Invalid data found/i, 'what the camera sends is not a stream that ffmpeg understands']
]

/**
 * Finds the sentence that says what went wrong in the error lines of ffmpeg or ffprobe (redacted ones, oldest first):
 * a known cause, else the last line itself; `undefined` when there is none.
 */
export function describeFailure(lines: readonly string[]): string | undefined {
  for (const [pattern, sentence] of KNOWN) if (lines.some((line) => pattern.test(line))) return sentence
  return lines.at(-1)?.replace(/^(\[[^\]]*\]\s*)+/, '')
}
