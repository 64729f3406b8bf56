/** What pages show as uncaught while a room runs: nothing but what its machines throw on purpose. */
import { OnPurpose } from './register-machine.ts'

export async function watchingTheConsole<T>(onUncaught: (error: unknown) => void, run: () => Promise<T>): Promise<T> {
  const before: unknown = Reflect.get(globalThis, 'reportError')
  Reflect.set(globalThis, 'reportError', (error: unknown) => {
    if (!isOnPurpose(error)) onUncaught(error)
  })
  try {
    return await run()
  } finally {
    Reflect.set(globalThis, 'reportError', before)
  }
}

function isOnPurpose(error: unknown): boolean {
  return error instanceof OnPurpose || (error instanceof Error && error.cause instanceof OnPurpose)
}
