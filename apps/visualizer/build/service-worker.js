/**
 * Keeps one build of the page, whole, and serves it from there. A newer one is fetched in the background and waits until no
 * tab of the older is open any more: tabs of one browser never run two versions, and no page misses a part that was replaced.
 */
const VERSION = 'VERSION'
const FILES = ['FILES']
const PREFIX = `flotilla ${self.registration.scope} `
const CACHE = PREFIX + VERSION

self.addEventListener('install', event => {
  // `reload`: not from the browser's own cache, which may be older.
  const requests = FILES.map(file => new Request(file, { cache: 'reload' }))
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(requests)))
})

self.addEventListener('activate', event => {
  const forgetOlder = async () => {
    const names = await caches.keys()
    await Promise.all(names.filter(name => name.startsWith(PREFIX) && name !== CACHE).map(name => caches.delete(name)))
    await self.clients.claim()
  }
  event.waitUntil(forgetOlder())
})

self.addEventListener('fetch', event => {
  const { request } = event
  const { pathname } = new URL(request.url)
  const page = new URL(self.registration.scope).pathname
  if (request.method !== 'GET') return
  if (request.mode === 'navigate' && pathname !== page && pathname !== `${page}index.html`) return
  const kept = request.mode === 'navigate' ? './' : request
  const answer = async () => {
    const cache = await caches.open(CACHE)
    // A script is asked for with an Origin and was kept without; it is the same file.
    const options = { ignoreVary: true, ignoreSearch: request.mode === 'navigate' }
    return (await cache.match(kept, options)) ?? fetch(request)
  }
  event.respondWith(answer())
})
