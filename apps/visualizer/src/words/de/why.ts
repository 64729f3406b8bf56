import type { WhyWords } from '../en/why.ts'

export const words: WhyWords = {
  whatBroke: property => `Was hat ${property} verletzt?`,
  append: {
    question: me => `Warum hängt ${me} etwas an?`,
    follower: 'Der Eintrag vor den neuen ist in beiden Logs derselbe, also auch alles davor.',
    leader: 'Ein Leader hängt an sein eigenes Log an, was Clients verlangen, und hängt immer nur an.',
  },
  term: {
    question: (me, term) => `Warum geht ${me} in Amtszeit ${term}?`,
    rule: 'Wer eine höhere Amtszeit sieht, übernimmt sie und wird Follower.',
  },
  theMessage: 'die Nachricht',
  termRow: 'Amtszeit',
  waiting: {
    question: me => `Warum wartet ${me}?`,
    rule: 'Ein Kandidat braucht die Stimmen einer Mehrheit aller Wähler, seine eigene mitgezählt.',
  },
  configuration: {
    question: 'Warum ändern sich die Mitglieder jetzt?',
    rule: 'Ein Knoten richtet sich nach der letzten Konfiguration in seinem Log, festgeschrieben oder nicht.',
  },
  snapshot: {
    taken: me => `Warum hat ${me} Einträge weggeworfen?`,
    takenRule: 'Was angewandt ist, kann als der Zustand bleiben, zu dem es führte, statt als Einträge.',
    installed: me => `Warum bekam ${me} einen Snapshot?`,
    installedRule:
      'Der Leader hat die Einträge nicht mehr, die diesem Knoten fehlen; er schickt den Zustand, zu dem sie führten.',
  },
  crashed: {
    question: me => `Was hat ${me} verloren?`,
    rule: 'currentTerm, votedFor und das Log überstehen es auf der Platte; commitIndex und alles andere findet sich wieder.',
  },
  started: {
    question: me => `Was weiß ${me}?`,
    rule: 'Ein Knoten beginnt als Follower mit dem, was auf seiner Platte ist: currentTerm, votedFor und das Log.',
  },
  progress: {
    question: me => `Was weiß ${me} jetzt?`,
    rule: 'Eine Antwort sagt dem Leader, wie weit das Log eines Followers seinem gleicht und was er als Nächstes schickt.',
    follower: 'Follower',
    leader: 'Leader',
  },
  dropped: {
    question: 'Warum kam diese Nachricht nicht an?',
    rule: reason => `${reason}. Raft rechnet bei jeder Nachricht damit: Wer wartet, fragt noch einmal.`,
  },
  durable: {
    question: me => `Warum wartete ${me} auf seine Platte?`,
    rule: 'Was ein Knoten in einer Antwort verspricht, muss zuerst auf seiner Platte sein: Amtszeit, Stimme, Eintrag.',
  },
  vote: {
    granted: (me, candidate) => `Warum stimmte ${me} für ${candidate}?`,
    refused: me => `Warum lehnte ${me} ab?`,
    asks: candidate => `${candidate} bittet`,
    has: me => `${me} hat`,
    stale:
      'Eine Bitte aus einer früheren Amtszeit wird abgelehnt: Ihr Absender weiß noch nicht, dass andere weiter sind.',
    leaderAlive: 'Ein Knoten, der vor Kurzem von einem Leader gehört hat, hilft niemand anderen zu wählen.',
    once: 'Ein Knoten stimmt in einer Amtszeit für höchstens einen Kandidaten: Wer zuerst kommt, bekommt sie.',
    voteRow: 'Stimme in dieser Amtszeit',
    upToDate:
      'Er hatte in dieser Amtszeit noch nicht gewählt, und das Log des Kandidaten ist mindestens so aktuell wie seines.',
    restriction:
      'Eine Stimme bekommt nur ein Log, das mindestens so aktuell ist: Erst zählt die spätere letzte Amtszeit, dann die Länge.',
    lastTerm: 'Amtszeit des letzten Eintrags',
    lastIndex: 'Index des letzten Eintrags',
  },
  role: {
    leads: (me, term) => `Warum führt ${me} Amtszeit ${term}?`,
    leadsRule:
      'Ein Kandidat mit den Stimmen einer Mehrheit führt seine Amtszeit. Zwei Mehrheiten haben einen Knoten gemeinsam, und jeder wählt einmal.',
    campaigns: me => `Warum bittet ${me} um Stimmen?`,
    handedOver: 'Der Leader hat ihn gebeten, sofort eine Wahl zu beginnen.',
    campaignsRule:
      'Ein Knoten, der bis zum Ablauf seines Wahltimers von keinem Leader hört, erhöht seine Amtszeit, wählt sich selbst und fragt die anderen.',
    asksFirst: me => `Warum fragt ${me} erst?`,
    asksFirstRule:
      'Bevor er seine Amtszeit erhöht, fragt ein Knoten, ob er gewinnen könnte: Eine unnötige Amtszeit stört alle.',
    follows: me => `Warum ist ${me} jetzt Follower?`,
  },
  votes: 'Stimmen',
  needed: 'nötig',
  refused: {
    reject: me => `Warum lehnte ${me} das ab?`,
    rejectRule:
      'Neue Einträge kommen nur hinter einen Eintrag, der in beiden Logs derselbe ist. Der Leader versucht es weiter hinten.',
    noNotice: (me, what) => `Warum beachtete ${me} ${what} nicht?`,
    stale: 'Was aus einer früheren Amtszeit kommt, ist veraltet und ändert nichts.',
  },
  termAt: index => `Amtszeit an Index ${index}`,
  nothing: 'nichts',
  truncated: {
    question: (me, index) => `Warum entfernte ${me} Eintrag ${index}?`,
    leaderHas: 'der Leader hat',
    rule: 'Wo ein Eintrag dem des Leaders widerspricht, geht er, und alles, was ihm folgt. Er war nie festgeschrieben.',
  },
  committed: {
    followers: (me, index) => `Warum gilt Eintrag ${index} für ${me} als festgeschrieben?`,
    checkedUpTo: 'geprüft bis',
    smaller: 'das Kleinere von beiden',
    followersRule:
      'Ein Follower schreibt fest, was der Leader festgeschrieben nennt, soweit diese Nachricht sein Log geprüft hat.',
    leaders: index => `Warum ist Eintrag ${index} festgeschrieben?`,
    has: 'hat',
    needs: 'braucht',
    onDiskAt: names => `auf der Platte von ${names}`,
    terms: 'Amtszeit des Eintrags und seines Leaders',
    leadersRule:
      'Ein Eintrag aus der eigenen Amtszeit des Leaders ist festgeschrieben, sobald eine Mehrheit ihn auf der Platte hat; alles davor auch.',
  },
  quiet: {
    timer: 'Warum sendet der Leader jetzt?',
    timerRule: 'Ein Leader meldet sich so oft, dass niemandes Wahltimer abläuft.',
    nothing: 'Was ist hier geschehen?',
    nothingRule: 'Nichts, was eine Regel zu entscheiden hatte.',
  },
  causes: {
    began: 'Der Lauf begann',
    got: (to, type, term, from) => `${to} bekam ${type} aus Amtszeit ${term} von ${from}`,
    lost: (type, from, to) => `${type} von ${from} an ${to} ging verloren`,
    electionTimer: me => `Der Wahltimer von ${me} lief ab`,
    heartbeatTimer: me => `${me} war mit dem nächsten Herzschlag dran`,
    written: me => `Die Platte von ${me} hatte alles geschrieben`,
    told: (me, type) => `${me}: ${type}`,
    timeout: me => `Jemand ließ den Timer von ${me} ablaufen`,
    deliver: () => 'Jemand stellte die Nachricht sofort zu',
    drop: () => 'Jemand verwarf die Nachricht',
    duplicate: () => 'Jemand verdoppelte die Nachricht',
    delay: () => 'Jemand verzögerte die Nachricht',
    hold: () => 'Jemand hielt die Nachricht auf',
    release: () => 'Jemand ließ die Nachricht los',
    cut: () => 'Jemand trennte eine Verbindung',
    heal: () => 'Jemand heilte eine Verbindung',
    partition: () => 'Jemand teilte den Cluster',
    healAll: () => 'Jemand heilte alle Verbindungen',
    crash: me => `Jemand ließ ${me} abstürzen`,
    restart: me => `Jemand startete ${me} neu`,
    freeze: me => `Jemand fror ${me} ein`,
    thaw: me => `Jemand ließ ${me} weitermachen`,
    clock: me => `Jemand verstellte die Uhr von ${me}`,
    write: me => `Jemand bat ${me} zu schreiben`,
    read: me => `Jemand bat ${me} zu lesen`,
    change: me => `Jemand bat ${me}, die Mitglieder zu ändern`,
    transfer: me => `Jemand bat ${me} zu übergeben`,
    compact: me => `Jemand ließ ${me} einen Snapshot machen`,
    appear: me => `Jemand stellte ${me} auf`,
  },
  section: section =>
    section
      .replace('dissertation', 'Dissertation')
      .replace(/[Ff]igure/, 'Abb.')
      .replace('the single-server bug', 'der Fehler bei einzelnen Änderungen'),
}
