/** Beside the picture: why, one node, the messages, the clients, the rules, the properties. One at a time. */
import { Suspense } from 'react'
import { lab } from '../../words/lab.ts'
import { lazyPart } from '../../words/lazy-part.ts'
import { useLab, useLabSession } from '../lab-context.ts'
import type { Panel } from '../session.ts'
import { NodePanel } from './node-panel.tsx'
import './side-panel.css'

/** Fetched when they are wanted. */
const WhyPanel = lazyPart(async () => ({ default: (await import('./why-panel.tsx')).WhyPanel }))
const MessagesPanel = lazyPart(async () => ({ default: (await import('./messages-panel.tsx')).MessagesPanel }))
const ClientsPanel = lazyPart(async () => ({ default: (await import('./clients-panel.tsx')).ClientsPanel }))
const PropertiesPanel = lazyPart(async () => ({ default: (await import('./properties-panel.tsx')).PropertiesPanel }))
const RulesPanel = lazyPart(() => import('./rules-panel.tsx'))

const PANELS: readonly Panel[] = ['why', 'node', 'messages', 'clients', 'rules', 'properties']

export function SidePanel() {
  const session = useLabSession()
  const shown = useLab(state => state.panel)
  return (
    <section className="card side-panel" aria-label={lab().tools}>
      <nav className="panel-tabs" aria-label={lab().tools}>
        {PANELS.map(panel => (
          <button key={panel} type="button" aria-current={panel === shown} onClick={() => session.show(panel)}>
            {lab().panels[panel]}
          </button>
        ))}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="panel-body" tabIndex={0} aria-label={lab().panels[shown]}>
        <Suspense fallback={null}>
          <Shown panel={shown} />
        </Suspense>
      </section>
    </section>
  )
}

function Shown({ panel }: { readonly panel: Panel }) {
  switch (panel) {
    case 'why':
      return <WhyPanel />
    case 'node':
      return <NodePanel />
    case 'messages':
      return <MessagesPanel />
    case 'clients':
      return <ClientsPanel />
    case 'rules':
      return <RulesPanel />
    case 'properties':
      return <PropertiesPanel />
    default:
      return panel satisfies never
  }
}
