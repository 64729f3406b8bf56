/** The rules that can be switched off in the Lab. */
import type { RuleId } from '@flotilla/simulator/lab'
import type { RuleWords } from './rule-words.ts'

export const words: Readonly<Record<RuleId, RuleWords>> = {
  oneVote: {
    name: 'Eine Stimme je Amtszeit',
    statement: 'Ein Knoten stimmt in einer Amtszeit für höchstens einen Kandidaten.',
    without: 'Ein Knoten stimmt für jeden, der bittet.',
  },
  voteOnDisk: {
    name: 'Die Stimme übersteht einen Absturz',
    statement: 'Ein Knoten weiß auch nach einem Neustart, für wen er gestimmt hat.',
    without: 'Ein neu gestarteter Knoten hat seine Stimme vergessen und wählt in derselben Amtszeit noch einmal.',
  },
  electionRestriction: {
    name: 'Wahlbeschränkung',
    statement: 'Ein Knoten stimmt nur für einen Kandidaten, dessen Log mindestens so aktuell ist wie seines.',
    without: 'Jeder Kandidat bekommt Stimmen, was auch immer seinem Log fehlt.',
  },
  termBeforeLength: {
    name: 'Spätere Amtszeit vor längerem Log',
    statement:
      'Logs vergleicht man zuerst nach der Amtszeit des letzten Eintrags, und nur bei gleicher nach der Länge.',
    without: 'Das längere Log gilt als das bessere.',
  },
  votesOfThisTerm: {
    name: 'Alte Stimmen zählen nicht',
    statement: 'Ein Kandidat zählt nur Antworten aus der Amtszeit, in der er antritt.',
    without: 'Eine Stimme aus einer früheren Amtszeit zählt in einer späteren.',
  },
  oneVotePerVoter: {
    name: 'Eine Stimme zählt einmal',
    statement: 'Eine zweite Kopie derselben Antwort zählt nichts.',
    without: 'Eine Stimme, die zweimal ankommt, zählt als zwei.',
  },
  defendLeader: {
    name: 'Keine Stimme, solange ein Leader zu hören ist',
    statement: 'Ein Knoten, der vor Kurzem von einem Leader gehört hat, beachtet keine Bitte um Stimmen.',
    without: 'Wer mit einer höheren Amtszeit kommt, stürzt den Leader.',
  },
  ownTermCommit: {
    name: 'Nur Einträge der eigenen Amtszeit zählen',
    statement: 'Ein Leader zählt nur Einträge seiner eigenen Amtszeit; frühere werden mit ihnen festgeschrieben.',
    without: 'Ein Leader nennt alles festgeschrieben, was eine Mehrheit gespeichert hat.',
  },
  cutConflictsOnly: {
    name: 'Nur entfernen, was widerspricht',
    statement: 'Ein Follower entfernt Einträge nur, wo einer dem des Leaders widerspricht.',
    without: 'Ein Follower entfernt alles nach den Einträgen, die eine Nachricht bringt.',
  },
  cutConflicts: {
    name: 'Alles entfernen, was einem Widerspruch folgt',
    statement: 'Wo ein Eintrag dem des Leaders widerspricht, geht er, und alles nach ihm.',
    without: 'Nur der widersprechende Eintrag wird ersetzt; was hinter ihm stand, bleibt.',
  },
  commitVerified: {
    name: 'Nicht weiter festschreiben als geprüft',
    statement:
      'Ein Follower schreibt bis zum Index des Leaders fest, aber nicht über den letzten Eintrag hinaus, den diese Nachricht geprüft hat.',
    without: 'Ein Follower schreibt fest, was bis zum Index des Leaders in seinem Log steht.',
  },
  durableAnswer: {
    name: 'Erst die Platte, dann die Antwort',
    statement: 'Ein Follower bestätigt einen Eintrag erst, wenn er auf seiner Platte ist.',
    without: 'Ein Follower antwortet sofort und kann bei einem Absturz vergessen, was er versprochen hat.',
  },
  votersOnly: {
    name: 'Nur Wähler zählen',
    statement: 'Lernende bekommen das Log, zählen aber nicht für eine Mehrheit.',
    without: 'Ein Leader zählt jeden, der einen Eintrag gespeichert hat.',
  },
  ownTermBeforeChange: {
    name: 'Vor einer Änderung in der eigenen Amtszeit festschreiben',
    statement: 'Ein Leader ändert die Mitglieder erst, wenn ein Eintrag seiner eigenen Amtszeit festgeschrieben ist.',
    without: 'Ein neuer Leader darf die Mitglieder sofort ändern.',
  },
  jointConsensus: {
    name: 'Joint Consensus',
    statement: 'Zwischen zwei Mitgliedschaften braucht jede Entscheidung eine Mehrheit der alten und eine der neuen.',
    without: 'Der Cluster springt von der alten Mitgliedschaft in die neue.',
  },
  askBeforeRead: {
    name: 'Fragen, dann lesen',
    statement: 'Bevor er ein Lesen beantwortet, vergewissert sich ein Leader bei einer Mehrheit, dass er noch führt.',
    without: 'Ein Leader antwortet sofort aus dem, was er hat; vielleicht ist er längst ersetzt.',
  },
  heirUpToDate: {
    name: 'Nur an einen übergeben, der alles hat',
    statement: 'Ein Leader übergibt, wenn sein Erbe das ganze Log hat.',
    without: 'Ein Leader übergibt sofort, was auch immer dem Erben noch fehlt.',
  },
}
