/** Beside the picture: why, one node, the messages, the clients, the rules, the properties. One at a time. */
import { Suspense } from 'react'
import { lab } from '../../words/lab.ts'
import { lazyPart } from '../../words/lazy-part.ts'
import { useLab, useLabSession } from '../lab-context.ts'
import type { Panel } from '../session.ts'
import { ClientsPanel } from './clients-panel.tsx'
import { MessagesPanel } from './messages-panel.tsx'
import { NodePanel } from './node-panel.tsx'
import { PropertiesPanel } from './properties-panel.tsx'
import { WhyPanel } from './why-panel.tsx'
import './panels.css'

/** Rules, links, traces and figures: fetched when they are wanted. */
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
        <Shown panel={shown} />
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
      return (
        <Suspense fallback={null}>
          <RulesPanel />
        </Suspense>
      )
    case 'properties':
      return <PropertiesPanel />
    default:
      return panel satisfies never
  }
}
