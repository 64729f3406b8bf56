import type { StoryWords } from '../en/story.ts'
import { count, list, number } from '../forms.ts'

/** After "mit" and as an object, the forms are the same but for the plural's dative. */
const entries = (n: number) => count(n, 'Eintrag', 'Einträge')
const withEntries = (n: number) => count(n, 'Eintrag', 'Einträgen')

export const words: StoryWords = {
  newNode: id => `neu ${id}`,
  becomesLeader: (me, term, voters) =>
    `${me} führt Amtszeit ${term}: ${
      voters.length === 0
        ? 'Er ist der einzige Wähler'
        : `${list(voters)} ${voters.length === 1 ? 'hat' : 'haben'} für ihn gestimmt`
    }.`,
  leads: (leader, term) => `${leader} führt Amtszeit ${term}.`,
  tellsNothing: me => `Der Knoten dieses Tabs folgt ihm; ${me} sagt nichts von seinem Inneren.`,
  asksForVotes: (me, term) => `${me} bittet in Amtszeit ${term} um Stimmen.`,
  asksFirst: me => `${me} hört keinen Leader und fragt, ob er eine Wahl gewinnen könnte.`,
  noLongerLeads: me => `${me} ist nicht mehr Leader.`,
  givesUp: me => `${me} gibt seine Kandidatur auf.`,
  votes: (me, candidate, term) => `${me} stimmt in Amtszeit ${term} für ${candidate}.`,
  wouldVote: (me, candidate, term) => `${me} würde in Amtszeit ${term} für ${candidate} stimmen.`,
  refusesVote: (me, candidate, reason) => `${me} verweigert ${candidate} die Stimme: ${reason}.`,
  missesLeader: (me, leader) => `${me} hört nichts mehr von ${leader}.`,
  appendsMany: (me, n) => `${me} hängt ${entries(n)} an und schickt sie den anderen.`,
  appends: (me, index, what) => `${me} hängt Eintrag ${index} an, ${what}, und schickt ihn den anderen.`,
  removes: (me, from, last) =>
    `${me} entfernt ${from === last ? `Eintrag ${last}` : `die Einträge ${from} bis ${last}`}: Sein Log widersprach dem des Leaders.`,
  neverCommitted: 'Sie waren nie festgeschrieben.',
  takesSnapshot: (me, index) => `${me} ersetzt sein Log bis Eintrag ${index} durch einen Snapshot.`,
  getsSnapshot: (me, index) =>
    `${me} bekam einen Snapshot bis Eintrag ${index}: Der Leader hat diese Einträge nicht mehr.`,
  isBack: (me, n) => `${me} ist zurück, mit ${withEntries(n)} von seiner Platte.`,
  crashed: me => `${me} ist abgestürzt.`,
  lostMemory: 'Was nicht auf seiner Platte war, ist verloren.',
  saidGoodbye: me => `${me} hat sich verabschiedet: Sein Tab wurde geschlossen oder neu geladen.`,
  stopped: me => `${me} hat sich verabschiedet: Er wurde beendet.`,
  isThereAgain: me => `${me} ist wieder da.`,
  outOfReach: peer => `${peer} ist nicht zu erreichen.`,
  noGoodbye: 'Sein Tab wurde ohne Abschied geschlossen oder ist abgestürzt.',
  noGoodbyeNoTab: 'Er wurde beendet oder ist abgestürzt, oder das Netz fiel aus: Einen Abschied gab es nicht.',
  handsOver: (me, to) => `${me} übergibt die Führung an ${to}.`,
  wokeUp: me => `${me} ist aufgewacht und traut nichts von früher.`,
  committedMany: (from, to) => `Die Einträge ${from} bis ${to} sind festgeschrieben.`,
  committedCommand: (index, what) => `Eintrag ${index} ist festgeschrieben: ${what}.`,
  committedConfiguration: index => `Eintrag ${index}, die Konfiguration, ist festgeschrieben.`,
  committedNoop: index => `Eintrag ${index}, ein leerer Eintrag, ist festgeschrieben.`,
  committed: index => `Eintrag ${index} ist festgeschrieben.`,
  whyNoop: 'Ein Leader beginnt damit seine Amtszeit, damit ältere Einträge festgeschrieben werden können.',
  onDiskAt: holders => `Auf der Platte von ${list(holders)}.`,
  undone: 'Die Änderung der Mitglieder wurde nicht festgeschrieben und ist zurückgenommen.',
  joins: (who, votes) => `${who} kommt als ${votes ? 'Wähler' : 'Lernender'} dazu`,
  becomesVoter: who => `${who} wird Wähler`,
  losesVote: who => `${who} hat keine Stimme mehr`,
  leaves: who => `${who} verlässt den Cluster`,
  changes: changes => `${list(changes)}.`,
  majority: (voters, needed) => `${count(voters, 'Wähler', 'Wähler')}; ${number(needed)} sind eine Mehrheit.`,
  cutOff: (me, others) => `${me} ist von ${list(others)} abgeschnitten.`,
  relayed: peer => `${peer} und dieser Tab erreichen sich nicht: Was sie sagen, wird vermittelt.`,
  direct: peer => `${peer} und dieser Tab sind jetzt direkt verbunden.`,
  linkCut: both => `Die Verbindung zwischen ${list(both)} ist getrennt.`,
  nothingThrough: 'Keine Nachricht von Raft kommt durch.',
  linkedAgain: (me, others) => `${me} ist wieder mit ${list(others)} verbunden.`,
  linkHealed: both => `Die Verbindung zwischen ${list(both)} besteht wieder.`,
}
