/** Those who do not vote in a room of many: a dot for each in the middle of the ring, and one button that opens the list of all. */
import { memo } from 'react'
import { termStyle } from '../style/term-colour.ts'
import type { Seat } from '../trace-view/roster.ts'
import { crowdWords } from '../words/crowd.ts'
import type { CrowdLayout } from './crowd-layout.ts'
import './crowd.css'

interface CrowdMarkProps {
  readonly seats: readonly Seat[]
  readonly layout: CrowdLayout
  readonly rem: number
  readonly selected: boolean
  onOpen(): void
}

export const CrowdMark = memo(function CrowdMark({ seats, layout, rem, selected, onOpen }: CrowdMarkProps) {
  const { center, radius, dotRadius, dots } = layout
  const words = crowdWords()
  const away = seats.filter(({ presence }) => presence !== 'here').length
  const lines = [words.others(seats.length), ...(away > 0 ? [words.away(away)] : [])]
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button of HTML cannot stand in an SVG
    <g
      className={selected ? 'crowd selected' : 'crowd'}
      transform={`translate(${center.x} ${center.y})`}
      role="button"
      tabIndex={0}
      aria-label={`${lines.join(', ')}. ${words.openList}`}
      onClick={onOpen}
      onKeyDown={event => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onOpen()
      }}
    >
      <circle className="crowd-disc" r={radius} />
      {seats.map(({ node, presence }, i) => (
        <circle
          key={node.id}
          className={presence === 'here' ? 'crowd-dot' : 'crowd-dot away'}
          style={termStyle(node.heard ? node.term : 0)}
          cx={dots[i]?.x}
          cy={dots[i]?.y}
          r={dotRadius}
        />
      ))}
      <text className="crowd-words" y={radius + 1.15 * rem} fontSize={rem}>
        {lines.map((line, i) => (
          <tspan key={line} x={0} dy={i === 0 ? 0 : '1.15em'}>
            {line}
          </tspan>
        ))}
      </text>
    </g>
  )
})
