/** Who is in the room: people where they said a name, and what their nodes do. */
import { useClusterStatus } from '@flotilla/react'
import { useMemo, useRef, useState } from 'react'
import { useSession } from '../room/room-context.ts'
import { Crown, Face, Icon } from '../shell/icons.tsx'
import { useMyName } from './my-name.ts'
import { usePeople } from './people-present.ts'
import './members.css'

export function Members() {
  const { members } = useClusterStatus()
  const { watchAddress } = useSession()
  const people = useNames()
  const mine = useMyName(my => my.name)
  const voters = members.filter(({ voter }) => voter).length
  return (
    <section className="card members" aria-label="Members">
      <div className="head">
        <h2>Members</h2>
        {voters > 0 && (
          <span>
            {Math.floor(voters / 2) + 1} of {voters} must agree
          </span>
        )}
      </div>
      <ul>
        {members.map(({ id, name, voter, connected, leads, isSelf }) => {
          const person = (isSelf ? mine : people.get(id)) || name
          return (
            <li key={id} className={`${isSelf ? 'you' : ''} ${leads ? 'leads' : ''}`}>
              <Face name={person} />
              <bdi className="name">{person}</bdi>
              {isSelf && <em>you</em>}
              <span className="tail">
                {leads && <Crown />}
                {leads ? 'leader' : connected ? (voter ? '' : 'does not vote') : 'out of reach'}
              </span>
            </li>
          )
        })}
      </ul>
      <a className="underneath" href={watchAddress} target="_blank" rel="noopener">
        <Icon name="raft" />
        Watch Raft underneath
        <span className="visually-hidden"> (opens a tab)</span>
        <Icon name="arrow" small />
      </a>
      <MyName />
    </section>
  )
}

/** By node, also of those who are out of reach: as they last said. */
function useNames(): ReadonlyMap<string, string> {
  const people = usePeople()
  const known = useRef<ReadonlyMap<string, string>>(new Map())
  return useMemo(() => {
    const named = people.filter(({ name }) => name !== '').map(({ node, name }) => [node, name] as const)
    known.current = new Map([...known.current, ...named])
    return known.current
  }, [people])
}

function MyName() {
  const { name, setName } = useMyName()
  const [text, setText] = useState(name)
  return (
    <form
      className="my-name"
      onSubmit={event => {
        event.preventDefault()
        setName(text)
      }}
    >
      <label>
        Your name
        <input
          className="field"
          value={text}
          maxLength={40}
          dir="auto"
          placeholder="How others see you"
          onChange={event => setText(event.target.value)}
          onBlur={() => setName(text)}
        />
      </label>
    </form>
  )
}
