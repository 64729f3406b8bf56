/** One node of the ring. The disc wears its term; the role is shape, ring weight and badge; the arc is its election timer. */
import { type CSSProperties, memo } from 'react'
import { useOwnWord } from '../stage/stage.ts'
import { termStyle } from '../style/term-colour.ts'
import { isolated, shortened } from '../trace-view/called-name.ts'
import type { Seat } from '../trace-view/roster.ts'
import { hasTerm } from '../trace-view/view.ts'
import { picture } from '../words/picture.ts'
import { useLanguage } from '../words/use-language.ts'
import type { RingAnimation } from './animate.ts'
import type { Point } from './boxes.ts'
import { conditionOf, describeSeat } from './describe.ts'
import type { Words } from './layout.ts'
import { LogCells } from './log-cells.tsx'
import { CROSS, CROWN, PresenceSign } from './shapes.tsx'
import './node.css'

interface NodeMarkProps {
  readonly seat: Seat
  readonly place: Point
  readonly radius: number
  readonly rem: number
  readonly words: Words
  readonly electorate: number
  readonly selected: boolean
  readonly lit: boolean
  readonly target: boolean
  /** Its log stands where the words for its role would. */
  readonly withLog: boolean
  /** It is not the same in the run beside this one. */
  readonly differs: boolean
  readonly animation: RingAnimation
  onSelect(): void
  onLight(lit: boolean): void
}

/** In a smaller disc, in pixels, the term is its number alone. */
const LEAST_FOR_A_WORD = 21

/** As wide as the longest words beside a disc. */
const CALLED_LETTERS = 12

/** Drawn for a disc of radius 34, and scaled. */
export const NodeMark = memo(function NodeMark(props: NodeMarkProps) {
  useLanguage()
  const ownWord = useOwnWord()
  const { seat, place, radius, words, selected, lit, target, animation } = props
  const scale = radius / 34
  const { node, presence, standing } = seat
  const here = presence === 'here'
  // Only who votes may campaign: a learner has no timer to wait for.
  const campaigns = standing === 'follower' || standing === 'candidate' || standing === 'preCandidate'
  const campaigning = here && (standing === 'candidate' || standing === 'preCandidate')
  const classes = ['node', presence, here ? standing : '', selected ? 'selected' : '', lit || target ? 'lit' : '']
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button of HTML cannot stand in an SVG
    <g
      className={classes.filter(Boolean).join(' ')}
      transform={`translate(${place.x} ${place.y}) scale(${scale})`}
      style={{ ...termStyle(node.term), ...textScale(scale, props.rem) }}
      role="button"
      tabIndex={0}
      data-node={node.id}
      aria-label={describeSeat(seat, ownWord) + (props.differs ? `, ${picture().differs}` : '')}
      aria-pressed={selected}
      onKeyDown={event => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        props.onSelect()
      }}
      onFocus={() => props.onLight(true)}
      onBlur={() => props.onLight(false)}
      onPointerEnter={() => props.onLight(true)}
      onPointerLeave={() => props.onLight(false)}
    >
      <circle className="node-halo" r={50} />
      <circle className="node-back" r={46} />
      <circle className="node-track" r={42} />
      <circle
        className="node-timer"
        r={42}
        pathLength={1}
        strokeDasharray="0 2"
        transform="rotate(-90)"
        ref={here && campaigns ? circle => animation.timer(node.id, circle) : null}
      />
      <circle className="node-disc" r={34} />
      <text className="node-name" y={hasTerm(node) ? 2 : 6}>
        {seat.name}
      </text>
      {hasTerm(node) && (
        <text className="node-term" y={18}>
          {radius < LEAST_FOR_A_WORD ? node.term : picture().termInDisc(node.term)}
        </text>
      )}
      {campaigning && <Votes seat={seat} electorate={props.electorate} under={words.side === 'above'} />}
      <Badge seat={seat} />
      {props.differs && <Differs />}
      <g transform={`translate(${words.x / scale} ${words.y / scale})`} textAnchor={words.anchor}>
        {props.withLog ? (
          <g transform={`scale(${1 / scale})`}>
            <LogCells node={node} words={words} rem={props.rem} />
          </g>
        ) : (
          <text className="node-role">{conditionOf(seat)}</text>
        )}
        {seat.called !== undefined && (
          <text className="node-called" y={words.line / scale}>
            {isolated(shortened(seat.called, CALLED_LETTERS))}
          </text>
        )}
        {seat.self && (
          <text className="node-self" y={((seat.called === undefined ? 1 : 2) * words.line) / scale}>
            {ownWord}
          </text>
        )}
      </g>
    </g>
  )
})

/** The words around a disc keep the page's size whatever the ring's; those inside shrink with it, but not too far. */
function textScale(scale: number, rem: number): CSSProperties {
  return { '--words': rem / 14 / scale, '--inside': Math.max(1, 0.82 / scale) } as CSSProperties
}

function Badge({ seat: { presence, standing } }: { readonly seat: Seat }) {
  const at = 'translate(31 -34)'
  if (presence !== 'here')
    return (
      <g transform={at}>
        <PresenceSign presence={presence} />
      </g>
    )
  if (standing === 'leader')
    return (
      <g transform={at} className="badge crown">
        <circle r={13} />
        <path d={CROWN} transform="scale(1.1)" />
      </g>
    )
  if (standing === 'learner' || standing === 'joining')
    return (
      <g transform={at} className="badge outline">
        <rect x={-10} y={-10} width={20} height={20} rx={4} />
        <text y={4.5}>{standing === 'learner' ? 'L' : '…'}</text>
      </g>
    )
  return null
}

/** Not equal to the same node beside it. */
function Differs() {
  return (
    <g transform="translate(-31 -34)" className="badge outline differs">
      <circle r={11} />
      <path d="M -5.5 -2.5 H 5.5 M -5.5 2.5 H 5.5 M 3 -6.5 L -3 6.5" fill="none" />
    </g>
  )
}

/** A dot for each voter: filled for a yes, crossed for a no, empty while the answer is out. */
function Votes(props: { readonly seat: Seat; readonly electorate: number; readonly under: boolean }) {
  const { seat, electorate } = props
  const pre = seat.standing === 'preCandidate'
  const votes = seat.node.votes.filter(vote => vote.preVote === pre)
  const dots = Array.from({ length: Math.max(electorate, votes.length) }, (_, i) => votes[i])
  const step = 0.27
  return (
    // Where the node's words are not.
    <g className="votes" transform={props.under ? 'scale(1 -1)' : undefined}>
      {dots.map((vote, i) => {
        const angle = -Math.PI / 2 - ((dots.length - 1) / 2 - i) * step
        const at = `translate(${(54 * Math.cos(angle)).toFixed(1)} ${(54 * Math.sin(angle)).toFixed(1)})`
        const key = vote?.from ?? `open-${i}`
        if (vote?.granted === false)
          return <path key={key} className="vote-no" d={CROSS} transform={`${at} scale(.8)`} />
        return <circle key={key} className={vote ? 'vote-yes' : 'vote-open'} r={4.6} transform={at} />
      })}
    </g>
  )
}
