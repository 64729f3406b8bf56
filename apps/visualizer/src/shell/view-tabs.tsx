/** Where there is no room for all: which view is shown, or which of the rest beside the cluster and the logs. */
import { SIDE_VIEWS, useUi, VIEWS, type ViewName } from '../store/ui-store.ts'
import { live } from '../words/live.ts'
import './view-tabs.css'

const ICONS: Record<ViewName, string> = {
  cluster:
    'M 10 2.5 a 2.5 2.5 0 1 1 0 5 a 2.5 2.5 0 1 1 0 -5 M 4.5 12 a 2.5 2.5 0 1 1 0 5 a 2.5 2.5 0 1 1 0 -5 M 15.5 12 a 2.5 2.5 0 1 1 0 5 a 2.5 2.5 0 1 1 0 -5 M 8.7 7.2 L 5.8 12.2 M 11.3 7.2 L 14.2 12.2 M 7 14.5 H 13',
  logs: 'M 3 4 H 8 V 8 H 3 Z M 11 4 H 16 V 8 H 11 Z M 3 12 H 8 V 16 H 3 Z',
  values: 'M 3 4.5 H 17 M 3 10 H 17 M 3 15.5 H 17 M 8 3 V 17',
  node: 'M 10 3 a 7 7 0 1 1 0 14 a 7 7 0 1 1 0 -14 M 10 9 V 13.5 M 10 6.2 V 6.6',
  room: 'M 3 3 H 8 V 8 H 3 Z M 12 3 H 17 V 8 H 12 Z M 3 12 H 8 V 17 H 3 Z M 12 12 H 14 M 17 12 V 14 M 12 17 H 17',
}

/** @param without what is not there to be shown */
export function ViewTabs({ without }: { readonly without?: ViewName }) {
  const shown = useUi(state => state.shown)
  return <Tabs className="view-tabs" views={VIEWS.filter(view => view !== without)} shown={shown} />
}

export function SideTabs({ without }: { readonly without?: ViewName }) {
  const side = useUi(state => state.side)
  return <Tabs className="side-tabs" views={SIDE_VIEWS.filter(view => view !== without)} shown={side} />
}

function Tabs(props: { readonly className: string; readonly views: readonly ViewName[]; readonly shown: ViewName }) {
  const show = useUi(state => state.show)
  return (
    <nav className={props.className} aria-label={live().views}>
      {props.views.map(view => (
        <button key={view} type="button" aria-current={props.shown === view} onClick={() => show(view)}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d={ICONS[view]} />
          </svg>
          {live().viewNames[view]}
        </button>
      ))}
    </nav>
  )
}
