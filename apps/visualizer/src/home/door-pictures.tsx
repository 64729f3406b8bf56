/** A still for each door: what one will do behind it. Drawn once, they never move. */
import { CROSS, CROWN } from '../ring/shapes.tsx'
import { home } from '../words/home.ts'

const fill = (term: number) => `var(--t${term})`

export function LearnPicture() {
  const columns = [[1, 2], [1, 2], [1, 2], [1], [1, 3]]
  return (
    <svg viewBox="0 0 450 140" aria-hidden="true">
      {columns.map((log, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a still
        <g key={i} transform={`translate(${20 + i * 40} 20)`}>
          {log.map((term, k) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a still
            <g key={k} transform={`translate(0 ${k * 33})`}>
              <rect
                width={34}
                height={28}
                rx={7}
                fill={k === 0 ? fill(term) : `var(--t${term}t)`}
                stroke={k === 0 ? 'none' : `var(--t${term}l)`}
                strokeWidth={1.5}
              />
              <text x={17} y={19} textAnchor="middle" fontSize={14} fontWeight={650}>
                {term}
              </text>
            </g>
          ))}
          <text x={17} y={88} textAnchor="middle" fontSize={13} className="soft">
            S{i + 1}
          </text>
        </g>
      ))}
      <g fontSize={15}>
        <text x={248} y={36} fontWeight={640}>
          {home().question}
        </text>
        {home().answers.map((answer, i) => (
          <g key={answer} transform={`translate(248 ${52 + i * 34})`}>
            <rect width={24} height={24} rx={6} fill="none" stroke="var(--mark)" strokeWidth={1.5} />
            <text x={12} y={17} textAnchor="middle" fontSize={13} fontWeight={640}>
              {'AB'[i]}
            </text>
            <text x={34} y={17} fontSize={14}>
              {answer}
            </text>
          </g>
        ))}
      </g>
    </svg>
  )
}

export function LabPicture() {
  const lanes = [
    { y: 34, to: 196, from: 0, term: 1 },
    { y: 66, to: 256, from: 256, term: 2 },
    { y: 98, to: 270, from: 270, term: 2 },
  ]
  return (
    <svg viewBox="0 0 450 140" aria-hidden="true">
      {lanes.map(({ y, to, from, term }, i) => (
        <g key={y}>
          <text x={20} y={y + 5} fontSize={14} fontWeight={600}>
            S{i + 1}
          </text>
          <path d={`M 50 ${y} H 430`} stroke="var(--link)" strokeWidth={1.5} />
          <rect x={50} y={y - 4} width={to - 50} height={8} rx={4} fill={fill(1)} />
          {from > 0 && <rect x={from} y={y - 4} width={366 - from} height={8} rx={4} fill={fill(term)} />}
        </g>
      ))}
      <path
        d="M 72 34 L 92 66 M 72 34 L 106 98 M 96 66 L 124 34 M 264 66 L 284 98 M 292 98 L 312 66 M 322 66 L 340 98"
        stroke="var(--soft)"
        strokeWidth={1.4}
      />
      <path d={CROSS} transform="translate(204 34)" stroke="var(--ink)" strokeWidth={2.6} strokeLinecap="round" />
      <path d={CROWN} transform="translate(266 64)" fill="var(--ink)" stroke="var(--card)" />
      <path d="M 366 18 V 112" stroke="var(--mark)" strokeWidth={1.5} strokeDasharray="3 4" />
      <path d="M 164 14 V 112 M 158 10 h 12 l -6 8 z" stroke="var(--ink)" strokeWidth={1.8} fill="var(--ink)" />
      <path d="M 366 124 H 168 m 8 -6 l -8 6 l 8 6" fill="none" stroke="var(--ink)" strokeWidth={1.8} />
    </svg>
  )
}

export function LivePicture() {
  const places = [
    { x: 20, width: 146, name: 'S1' },
    { x: 190, width: 130, name: 'S2' },
    { x: 344, width: 86, name: 'S3' },
  ]
  return (
    <svg viewBox="0 0 450 140" aria-hidden="true">
      <path d="M 93 66 H 387" stroke="var(--link)" strokeWidth={1.5} />
      {places.map(({ x, width, name }, i) => (
        <g key={name}>
          <rect
            x={x}
            y={16}
            width={width}
            height={108}
            rx={i === 2 ? 16 : 8}
            fill="none"
            stroke="var(--mark)"
            strokeWidth={1.6}
          />
          <circle
            cx={x + width / 2}
            cy={66}
            r={22}
            fill={i === 0 ? fill(1) : 'var(--t1t)'}
            stroke={i === 0 ? 'var(--ink)' : 'var(--t1l)'}
            strokeWidth={i === 0 ? 3 : 1.5}
          />
          <text x={x + width / 2} y={71} textAnchor="middle" fontSize={15} fontWeight={650}>
            {name}
          </text>
          <text x={x + width / 2} y={112} textAnchor="middle" fontSize={13} className="soft">
            {home().places[i]}
          </text>
        </g>
      ))}
      <rect x={171} y={60} width={13} height={13} rx={3} fill="var(--ink)" />
      <circle cx={333} cy={66} r={4} fill="var(--ink)" />
    </svg>
  )
}
