/** Cities and their IANA zones, as people name them in questions. */
const TABLE = `Tokyo:Asia/Tokyo|Paris:Europe/Paris|London:Europe/London|New York:America/New_York|Los Angeles:America/Los_Angeles|Chicago:America/Chicago|Berlin:Europe/Berlin|Madrid:Europe/Madrid|Rome:Europe/Rome|Sydney:Australia/Sydney
Melbourne:Australia/Melbourne|Moscow:Europe/Moscow|Dubai:Asia/Dubai|Singapore:Asia/Singapore|Hong Kong:Asia/Hong_Kong|Shanghai:Asia/Shanghai|Beijing:Asia/Shanghai|Seoul:Asia/Seoul|Mumbai:Asia/Kolkata|Delhi:Asia/Kolkata
Bangalore:Asia/Kolkata|Karachi:Asia/Karachi|Dhaka:Asia/Dhaka|Bangkok:Asia/Bangkok|Jakarta:Asia/Jakarta|Manila:Asia/Manila|Hanoi:Asia/Ho_Chi_Minh|Istanbul:Europe/Istanbul|Cairo:Africa/Cairo|Lagos:Africa/Lagos
Nairobi:Africa/Nairobi|Johannesburg:Africa/Johannesburg|Cape Town:Africa/Johannesburg|Casablanca:Africa/Casablanca|Athens:Europe/Athens|Vienna:Europe/Vienna|Zurich:Europe/Zurich|Geneva:Europe/Zurich|Amsterdam:Europe/Amsterdam|Brussels:Europe/Brussels
Lisbon:Europe/Lisbon|Dublin:Europe/Dublin|Oslo:Europe/Oslo|Stockholm:Europe/Stockholm|Copenhagen:Europe/Copenhagen|Helsinki:Europe/Helsinki|Warsaw:Europe/Warsaw|Prague:Europe/Prague|Budapest:Europe/Budapest|Kyiv:Europe/Kyiv
Munich:Europe/Berlin|Barcelona:Europe/Madrid|Milan:Europe/Rome|Toronto:America/Toronto|Vancouver:America/Vancouver|Mexico City:America/Mexico_City|Denver:America/Denver|Boston:America/New_York|Miami:America/New_York|San Francisco:America/Los_Angeles
Seattle:America/Los_Angeles|Houston:America/Chicago|Sao Paulo:America/Sao_Paulo|Buenos Aires:America/Argentina/Buenos_Aires|Bogota:America/Bogota|Santiago:America/Santiago|Auckland:Pacific/Auckland|Honolulu:Pacific/Honolulu|Tehran:Asia/Tehran|Riyadh:Asia/Riyadh
Tel Aviv:Asia/Jerusalem|Hamburg:Europe/Berlin|Frankfurt:Europe/Berlin|Edinburgh:Europe/London|Manchester:Europe/London|Osaka:Asia/Tokyo|Kyoto:Asia/Tokyo|Taipei:Asia/Taipei|Kuala Lumpur:Asia/Kuala_Lumpur|Perth:Australia/Perth
Brisbane:Australia/Brisbane|Montreal:America/Toronto|Washington:America/New_York|Atlanta:America/New_York|Dallas:America/Chicago|Las Vegas:America/Los_Angeles|Montevideo:America/Montevideo|Caracas:America/Caracas|Havana:America/Havana|Accra:Africa/Accra
Addis Ababa:Africa/Addis_Ababa|Algiers:Africa/Algiers|Tunis:Africa/Tunis|Doha:Asia/Qatar|Kathmandu:Asia/Kathmandu|Colombo:Asia/Colombo|Reykjavik:Atlantic/Reykjavik|Wellington:Pacific/Auckland|Lahore:Asia/Karachi|Kolkata:Asia/Kolkata
Chennai:Asia/Kolkata|Krakow:Europe/Warsaw|Bucharest:Europe/Bucharest|Sofia:Europe/Sofia|Belgrade:Europe/Belgrade|Zagreb:Europe/Zagreb|Riga:Europe/Riga|Vilnius:Europe/Vilnius|Tallinn:Europe/Tallinn|Philadelphia:America/New_York
San Diego:America/Los_Angeles|Portland:America/Los_Angeles|Detroit:America/Detroit|Rio de Janeiro:America/Sao_Paulo|Japan:Asia/Tokyo|India:Asia/Kolkata|Germany:Europe/Berlin|France:Europe/Paris|Spain:Europe/Madrid|Italy:Europe/Rome`;

export interface City {
  readonly name: string;
  readonly zone: string;
}

export const CITIES: readonly City[] = TABLE.split(/[|\n]/).map((row) => {
  const [name = '', zone = ''] = row.split(':');
  return { name, zone };
});
