/** Words for questions that the assistant has no tool for. */
export const COUNTRIES =
  'Peru Kenya Norway Brazil Egypt Japan Vietnam Canada Chile Ghana Hungary Iceland Mexico Nepal Portugal Thailand Turkey Australia Austria Cuba Morocco Poland Finland Belgium Mongolia Bolivia Estonia Jamaica Laos Madagascar Scotland Tunisia Uruguay Wales Croatia'.split(
    ' ',
  );
export const FAMOUS =
  'Napoleon|Einstein|Mozart|Cleopatra|Shakespeare|Marie Curie|Beethoven|Gandhi|Picasso|Newton|Darwin|Elvis|Madonna|Julius Caesar|Leonardo da Vinci|Nelson Mandela|Churchill|Galileo|Frida Kahlo|Bach|Aristotle|Plato|Tolstoy|Van Gogh|Ada Lovelace|Alan Turing|Tesla|Columbus|Michelangelo|Agatha Christie|Kafka|Freud|Queen Victoria|Lincoln|Goethe'.split(
    '|',
  );
export const WORKS =
  'Hamlet|Star Wars|Titanic|Harry Potter|War and Peace|the Mona Lisa|Moby Dick|the Odyssey|Casablanca|Avatar|Don Quixote|The Godfather|Faust|Matrix|Frankenstein|Dracula|the Bible|Les Misérables|Swan Lake|Dune|1984|Pulp Fiction|Breaking Bad|the Lord of the Rings|Romeo and Juliet|Moonlight Sonata|Pride and Prejudice'.split(
    '|',
  );
export const CONCEPTS =
  'photosynthesis|gravity|inflation|democracy|blockchain|quantum mechanics|evolution|the stock market|recursion|machine learning|the greenhouse effect|DNA|electricity|karma|jazz|philosophy|capitalism|a black hole|the internet|a vaccine|Docker|the cold war|a rainbow|thunder|dark matter|the big bang|love|irony|osmosis|cryptography|Kubernetes|yoga|the renaissance|fermentation|a volcano|a neural network|the moon|time travel|consciousness|the universe|freedom'.split(
    '|',
  );
export const ANIMALS =
  'dog|cat|whale|penguin|elephant|tiger|octopus|spider|giraffe|shark|eagle|horse|bee|bear|koala|dolphin|snake|parrot|wolf|hamster|camel|frog|owl|dragon|unicorn|kangaroo'.split(
    '|',
  );
export const FOODS =
  'pizza|sushi|bread|pancakes|risotto|curry|lasagna|pesto|guacamole|soup|cheesecake|paella|ramen|hummus|tiramisu|goulash|falafel|chili|scrambled eggs|apple pie|kimchi|sourdough|omelette'.split(
    '|',
  );
export const TOPICS =
  'the sea|autumn|my cat|love|football|the office|winter|space|robots|my mother|friendship|coffee|Mondays|a lonely robot|the rain|a dragon|the city|summer|our team|the future|rabbits|chess|work|pirates|music'.split(
    '|',
  );
export const LANGUAGES =
  'French|Spanish|German|Italian|Japanese|Polish|Latin|Dutch|Russian|Chinese|Arabic|Greek|Swedish|Turkish|Portuguese|Korean'.split(
    '|',
  );
export const WORDS =
  'hello|good morning|thank you|cheese|house|butterfly|I love you|where is the station|happy birthday|goodbye|dog|friend|water|see you tomorrow|the weather is nice|I am hungry|excuse me|window|spoon|freedom'.split(
    '|',
  );
export const CODE = 'Python|JavaScript|Rust|Java|SQL|C++|Go|TypeScript|bash|Haskell|PHP|Ruby'.split('|');
export const TEAMS =
  'the world cup|the election|the Super Bowl|the match tonight|the Oscars|the Champions League|Eurovision|the next election|the race|the Nobel prize|Wimbledon|the league|the final|the Tour de France|the game yesterday|the presidential debate'.split(
    '|',
  );
export const STUFF =
  'a car|a house|a phone|a laptop|this jacket|a bike|bitcoin|a dog|shoes|a piano|a boat|insurance|a camera|new headphones|a sofa|stocks|gold|a drone|a tent'.split(
    '|',
  );
export const PLACES_ASKED =
  'Paris|Rome|Tokyo|London|Berlin|the Amazon|the Sahara|the Alps|New York|the Eiffel Tower|Mount Everest|Lake Victoria|the Great Wall|Madrid|Sydney|Lisbon|Venice|the Grand Canyon|Iceland|Hawaii|Vienna|Cairo|Moscow|Dubai|Singapore|Toronto'.split(
    '|',
  );
