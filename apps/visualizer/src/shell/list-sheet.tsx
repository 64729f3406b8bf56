/** Everybody in a table: for a room of many, whose crowd has no room for words, and for whoever would rather read than look. */
import { conditionOf } from '../ring/describe.ts'
import { CrownMark, PresenceMark } from '../ring/shapes.tsx'
import { useOwnWord, useSeats } from '../stage/stage.ts'
import { useUi } from '../store/ui-store.ts'
import { termStyle } from '../style/term-colour.ts'
import type { Seat } from '../trace-view/roster.ts'
import { hasTerm } from '../trace-view/view.ts'
import { crowdWords } from '../words/crowd.ts'
import './list-dialog.css'

export default function ListSheet({ onChosen }: { onChosen(): void }) {
  return <List seats={useSeats()} onChosen={onChosen} />
}

function List({ seats, onChosen }: { readonly seats: readonly Seat[]; onChosen(): void }) {
  const { caption, columns } = crowdWords()
  return (
    <table className="everybody">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.node}</th>
          <th scope="col">{columns.condition}</th>
          <th scope="col">{columns.term}</th>
          <th scope="col">{columns.last}</th>
          <th scope="col">{columns.commit}</th>
        </tr>
      </thead>
      <tbody>
        {seats.map(seat => (
          <Row key={seat.node.id} seat={seat} onChosen={onChosen} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ seat, onChosen }: { readonly seat: Seat; onChosen(): void }) {
  const { node, name, called, presence, standing, self } = seat
  const select = useUi(state => state.select)
  const show = useUi(state => state.show)
  const ownWord = useOwnWord()
  const choose = (): void => {
    select(node.id)
    show('node')
    onChosen()
  }
  return (
    <tr className={presence === 'here' ? undefined : 'away'}>
      <th scope="row">
        <button type="button" className="button quiet small" onClick={choose}>
          {name}
        </button>
        {called !== undefined && <bdi className="everybody-called">{called}</bdi>}
        {self && <span className="self-dot">{ownWord}</span>}
      </th>
      <td>
        {presence === 'here' && standing === 'leader' && <CrownMark />}
        <PresenceMark presence={presence} /> {conditionOf(seat)}
      </td>
      <td>
        {hasTerm(node) ? (
          <span className="term-chip" style={termStyle(node.term)}>
            {node.term}
          </span>
        ) : (
          '–'
        )}
      </td>
      <td>{node.heard ? node.log.lastIndex : '–'}</td>
      <td>{node.heard ? node.commitIndex : '–'}</td>
    </tr>
  )
}
