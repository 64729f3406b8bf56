/** What a frame says, in few words, for stories. */
import { decodeEnvelope, type FrameBody, type ProposeAnswer } from '@flotilla/cluster'
import { describeCommand } from '../ground/command.ts'
import { describeMessage } from '../stories/story.ts'

export function tellFrame(body: FrameBody): string {
  switch (body.kind) {
    case 'raft':
      return describeMessage(body.message)
    case 'propose':
      return `proposal ${body.request}: ${tellEnvelope(body.data)}`
    case 'proposeAll':
      return body.proposals.map(({ request, data }) => `proposal ${request}: ${tellEnvelope(data)}`).join(' · ')
    case 'proposeAnswer':
      return `answer to proposal ${body.request}: ${tellAnswer(body.answer)}`
    case 'merit':
      return `merit: priority ${body.priority}${body.visible ? '' : ', hidden'}`
    case 'guest':
      return 'I am a guest'
    case 'lasting':
      return 'I am there for good'
    case 'join':
      return 'let me in'
    case 'joinAnswer':
      return `not let in: ${body.refusal}`
    case 'change':
      return `change ${body.request}: ${tellChange(body)}${body.again ? ', again' : ''}`
    case 'changeAnswer':
      return `answer to change ${body.request}: ${body.answer.kind}`
    case 'vouch':
      return `members as of ${body.index}: ${body.members.join(' ')}`
    case 'digest':
      return `state at ${body.index}: ${body.digest}${body.wantsAnswer ? ', and yours?' : ''}`
    case 'leftBehind':
      return `the room went on without ${body.former}`
    case 'goodbye':
      return 'goodbye'
    case 'observe':
      return `${body.payload.byteLength} bytes for watchers`
    default:
      return body satisfies never
  }
}

export function tellEnvelope(data: Uint8Array): string {
  const decoded = decodeEnvelope(data)
  if (!decoded.ok) return 'no command'
  const envelope = decoded.value
  switch (envelope.kind) {
    case 'open':
      return 'open a session'
    case 'expire':
      return `end sessions ${envelope.sessions.join(', ')}`
    case 'amend':
      return `house rule: ${envelope.change.type}`
    case 'command': {
      const { session, sequence, firstUnanswered, command } = envelope
      return `${describeCommand(command)} as session ${session}, ${sequence} (from ${firstUnanswered})`
    }
    default:
      return envelope satisfies never
  }
}

function tellAnswer(answer: ProposeAnswer): string {
  switch (answer.kind) {
    case 'applied':
      return `applied at ${answer.index}/${answer.term}`
    case 'notLeader':
      return `ask ${answer.leader ?? 'somebody else'}`
    default:
      return answer.kind
  }
}

function tellChange({ change }: Extract<FrameBody, { kind: 'change' }>): string {
  if (change.type === 'admission') return `${change.type} ${change.admission}`
  return 'id' in change && change.id !== undefined ? `${change.type} ${change.id}` : change.type
}
