/**
 * For tests in virtual time with real cryptography: says whether any of it is still being computed. Time that went on
 * meanwhile would go on faster on a busy machine, and everybody's patience would end sooner there.
 */
let underWay = 0

/** From the first call on, all of WebCrypto is counted. */
export function countCrypto(): void {
  if (Reflect.get(crypto, COUNTED) === true) return
  const subtle = new Proxy(crypto.subtle, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (...given: unknown[]) => counted(Reflect.apply(value, target, given)) : value
    },
  })
  const random = crypto.getRandomValues.bind(crypto)
  const uuid = crypto.randomUUID.bind(crypto)
  Object.defineProperty(globalThis, 'crypto', {
    value: { subtle, getRandomValues: random, randomUUID: uuid, [COUNTED]: true },
    configurable: true,
  })
}

/** Resolves when nothing is being computed, nor begun by what was. */
export async function cryptoDone(): Promise<void> {
  do await new Promise(resolve => setTimeout(resolve, 0))
  while (underWay > 0)
}

const COUNTED = Symbol('counted')

async function counted(result: unknown): Promise<unknown> {
  underWay += 1
  try {
    return await result
  } finally {
    underWay -= 1
  }
}
