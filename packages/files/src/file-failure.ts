/**
 * What an error of the file system means: whether it is about the file that was asked for, or about the disk, the rights and
 * the limits of the machine, which nothing that is delivered can help.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

export type FileFailureKind =
  /** No space, or no more of it for this user. */
  | 'full'
  /** The user may not, or nobody may write there. */
  | 'forbidden'
  /** A limit of the process or the machine, for now. */
  | 'busy'
  /** A limit of the file system, or of what the process may write into one file. */
  | 'limited'
  /** The disk, or the way to it over the network, is broken. */
  | 'fault'

const kinds: Readonly<Record<string, FileFailureKind>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
  EMFILE: 'busy',
  ENFILE: 'busy',
  ENOMEM: 'busy',
  ENOBUFS: 'busy',
  EAGAIN: 'busy',
  EINTR: 'busy',
  EBUSY: 'busy',
  ETXTBSY: 'busy',
  EDEADLK: 'busy',
  ENOLCK: 'busy',
  // More than the process may write into one file, or than the file system can hold there.
  EFBIG: 'limited',
  EOVERFLOW: 'limited',
  EMLINK: 'limited',
  EIO: 'fault',
  EPROTO: 'fault',
  ENXIO: 'fault',
  ENODEV: 'fault',
  ESTALE: 'fault',
  EREMOTEIO: 'fault',
  ETIMEDOUT: 'fault',
  ENOTCONN: 'fault',
  ECONNABORTED: 'fault',
  ECONNRESET: 'fault',
  EHOSTDOWN: 'fault',
  EHOSTUNREACH: 'fault',
  ENETDOWN: 'fault',
  ENETUNREACH: 'fault',
  ESHUTDOWN: 'fault',
  // Windows, and errors that libuv has no word for.
  UNKNOWN: 'fault',
}

/** `undefined`: it is about the file (ENOENT, EISDIR, …), and the same will fail again. */
export function kindOfFileFailure(code: string): FileFailureKind | undefined {
  return kinds[code]
}

const remedies = {
  full: 'Free space there.',
  forbidden: 'Let the user that Sluice runs as read and write there.',
  busy: 'Raise the limit (open files: ulimit -n), or wait until less is going on.',
  limited: 'Raise the limit (size of a file: ulimit -f), or use a file system that holds larger files.',
  fault: 'Check that the disk, or the network share, is available and works.',
} as const satisfies Record<FileFailureKind, string>

/**
 * SLUICE-FILES-01: Sluice cannot use a file of this machine.
 *
 * Its disk is full, read only or broken, the user has no right to it, too many files are open, or a share is away; the message
 * names the file and the system's word for it. The work waits; when the problem is solved, the same command does it again.
 */
export class FileFailureError extends SluiceError {
  readonly code = 'SLUICE-FILES-01'
  readonly blame = 'usage'
  readonly retry = true
  readonly kind: FileFailureKind
  /** The system's code. */
  readonly what: string

  /** @param what The system's code: `EACCES`. */
  constructor(path: string, kind: FileFailureKind, what: string, cause: unknown) {
    super(`${path} cannot be used (${what}).`, { cause, remedy: remedies[kind], details: { path, what } })
    this.kind = kind
    this.what = what
  }
}

/**
 * SLUICE-FILES-02: a file or a folder is not as Sluice needs it.
 *
 * It is not there, is not of the kind that is meant (a folder, a file, a link that leads in a circle), has a name that is too long, or lies on a file
 * system that cannot do what is asked; the message names it and the system's word for it. Somebody may have removed or renamed it while Sluice was
 * at work. Put it right, and run the same command again.
 */
export class UnusableFileError extends SluiceError {
  readonly code = 'SLUICE-FILES-02'
  readonly blame = 'usage'
  readonly retry = false
  /** The system's code. */
  readonly what: string

  /** @param what The system's code: `ENOENT`. */
  constructor(path: string, what: string, cause: unknown) {
    super(`${path} cannot be used (${what}: ${sentences[what] ?? 'the file system refuses it'}).`, {
      cause,
      remedy:
        'Check that nobody else removes, renames or replaces files there, and run the same command again.',
      details: { path, what },
    })
    this.what = what
  }
}

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EEXIST: 'it is there already',
  ENOTEMPTY: 'the folder is not empty',
  EXDEV: 'the other folder is on another disk',
}

/** What no file is to blame for: a descriptor or an address of ours that is none. */
const defects: ReadonlySet<string> = new Set(['EBADF', 'EFAULT'])

/** Codes that no socket has: with them, an error need not name a file. */
const ofFilesAlone: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'ESTALE', 'ENFILE'])

/**
 * The error to tell instead of one of the file system: `FileFailureError` where the machine is to blame for it, else
 * `UnusableFileError`; any other error as it is.
 *
 * @param path The file that was used, where the error may not name it: one of reading does not.
 */
export function asFileFailure(error: unknown, path?: string): unknown {
  if (!isSystemError(error)) return error
  const kind = kindOfFileFailure(error.code)
  const file = typeof error.path === 'string' ? error.path : path
  if (kind === undefined) {
    return file === undefined || defects.has(error.code)
      ? error
      : new UnusableFileError(file, error.code, error)
  }
  if (file === undefined && !ofFilesAlone.has(error.code)) return error
  return new FileFailureError(file ?? 'A file', kind, error.code, error)
}

interface SystemError extends Error {
  readonly code: string
  readonly path?: unknown
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
}
