/**
 * The page over a scripted run instead of a real node: `dev.html?scene=election&theme=dark`. Served by `vite` only; the
 * built page does not contain it.
 */
import { createRoot } from 'react-dom/client'
import '../../../look/tokens.css'
import '../../../look/ground.css'
import '../../../look/controls.css'
import '../style/base.css'
import { App } from '../shell/app.tsx'
import { createLiveStore, type LiveActions } from '../store/live-store.ts'
import { Picture } from '../store/picture.ts'
import { useUi } from '../store/ui-store.ts'
import { scenes } from './scenes.ts'

const parameters = new URLSearchParams(location.search)
const scene = (scenes[parameters.get('scene') ?? 'calm3'] ?? scenes.calm3)?.()
const theme = parameters.get('theme')
if (theme === 'dark' || theme === 'light') useUi.getState().setTheme(theme)

const store = createLiveStore('quiet-otter-42')
const start = performance.now()
let frozenAt: number | undefined = start
const picture = new Picture(
  seen => store.setState(seen),
  () => frozenAt ?? performance.now(),
)
if (scene) {
  if (scene.state.self !== undefined) picture.self = { id: scene.state.self, now: () => picture.now() }
  store.setState(scene.state)
  const pace = scene.state.pace ?? 1
  picture.setPace(pace)
  const end = (scene.script?.now ?? 0) + scene.after
  // Each event is seen when it would have been, had the run ended just now; and there time stands still, or goes on.
  for (const event of scene.script?.events ?? []) {
    frozenAt = start - (end - event.at) * pace
    picture.see(event.node, { events: [event], now: event.at, catchUp: false, leftOut: 0 })
  }
  for (const [id, name] of Object.entries(scene.called ?? {})) picture.called(id, [[id, name]])
  frozenAt = parameters.has('run') ? undefined : start
}

const actions: LiveActions = {
  write: (key, value) =>
    store.setState(({ writes }) => ({
      writes: [{ id: writes.length + 1, key, value, fate: { kind: 'sending' } }, ...writes],
    })),
  read: (key, consistency) => store.setState({ read: { kind: 'asking', key, consistency } }),
  setPace: pace => store.setState({ pace }),
  setCut: () => undefined,
  healAll: () => undefined,
  crash: node =>
    picture.see(node, {
      events: [{ type: 'crashed', reason: 'asked to', node, at: 0 }],
      now: 0,
      catchUp: false,
      leftOut: 0,
    }),
  restart: () => undefined,
  retry: () => undefined,
  deleteDamaged: () => undefined,
  keepDamaged: () => undefined,
  warnOfFounding: () => undefined,
  foundAnew: () => undefined,
  goOnWithout: async () => undefined,
  joinAgain: () => undefined,
  setAdmission: async () => undefined,
  admit: async () => undefined,
  swapVoter: async () => undefined,
  call: name => {
    const { self } = store.getState()
    if (self !== undefined) picture.called(self, [[self, name]])
  },
  keepControls: () => store.setState(({ self }) => ({ keeper: self })),
  handOutControls: () => store.setState({ keeper: undefined }),
  remove: async () => undefined,
}

const root = document.getElementById('root')
if (root) createRoot(root).render(<App live={{ store, actions, picture }} />)
