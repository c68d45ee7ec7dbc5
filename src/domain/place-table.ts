/**
 * Names people use for places, beside those in the zone names themselves: `Zone: name, name`. A country, state or province stands for
 * the zone of its capital or of most of its people.
 */
export const placeTable = `
Africa/Abidjan: Ivory Coast, Côte d'Ivoire, Yamoussoukro
Africa/Accra: Ghana, Kumasi
Africa/Addis_Ababa: Ethiopia
Africa/Algiers: Algeria, Oran
Africa/Asmara: Eritrea
Africa/Bamako: Mali
Africa/Bangui: Central African Republic
Africa/Banjul: Gambia, the Gambia
Africa/Bissau: Guinea-Bissau
Africa/Blantyre: Malawi, Lilongwe
Africa/Brazzaville: Republic of the Congo
Africa/Bujumbura: Burundi, Gitega
Africa/Cairo: Egypt, Alexandria, Giza, Luxor
Africa/Casablanca: Morocco, Rabat, Marrakesh, Marrakech, Fez, Tangier
Africa/Conakry: Guinea
Africa/Dakar: Senegal
Africa/Dar_es_Salaam: Tanzania, Dodoma, Zanzibar
Africa/Djibouti: Djibouti
Africa/Douala: Cameroon, Yaoundé
Africa/Freetown: Sierra Leone
Africa/Gaborone: Botswana
Africa/Harare: Zimbabwe, Bulawayo
Africa/Johannesburg: South Africa, Cape Town, Pretoria, Durban, Port Elizabeth, Bloemfontein, Soweto
Africa/Juba: South Sudan
Africa/Kampala: Uganda
Africa/Khartoum: Sudan, Omdurman
Africa/Kigali: Rwanda
Africa/Kinshasa: Congo, Democratic Republic of the Congo, DR Congo
Africa/Lagos: Nigeria, Abuja, Kano, Ibadan
Africa/Libreville: Gabon
Africa/Lome: Togo
Africa/Luanda: Angola
Africa/Lusaka: Zambia
Africa/Malabo: Equatorial Guinea
Africa/Maputo: Mozambique
Africa/Maseru: Lesotho
Africa/Mbabane: Eswatini, Swaziland
Africa/Mogadishu: Somalia
Africa/Monrovia: Liberia
Africa/Nairobi: Kenya, Mombasa
Africa/Ndjamena: Chad, N'Djamena
Africa/Niamey: Niger
Africa/Nouakchott: Mauritania
Africa/Ouagadougou: Burkina Faso
Africa/Porto-Novo: Benin, Cotonou
Africa/Tripoli: Libya, Benghazi
Africa/Tunis: Tunisia
Africa/Windhoek: Namibia
America/Anchorage: Alaska, Fairbanks
America/Argentina/Buenos_Aires: Argentina, Buenos Aires, Rosario
America/Argentina/Cordoba: Córdoba
America/Argentina/Mendoza: Mendoza
America/Argentina/Ushuaia: Ushuaia
America/Asuncion: Paraguay
America/Barbados: Bridgetown
America/Belize: Belmopan
America/Bogota: Colombia, Medellín, Medellin, Cali, Cartagena, Barranquilla
America/Boise: Idaho
America/Caracas: Venezuela, Maracaibo
America/Chicago: Illinois, Texas, Houston, Dallas, Austin, San Antonio, Fort Worth, Minneapolis, Saint Paul, Minnesota, Milwaukee, Wisconsin, St. Louis, St Louis, Saint Louis, Missouri, Kansas City, Kansas, Wichita, New Orleans, Louisiana, Baton Rouge, Memphis, Nashville, Tennessee, Oklahoma, Oklahoma City, Tulsa, Omaha, Nebraska, Des Moines, Iowa, Arkansas, Little Rock, Alabama, Birmingham Alabama, Mississippi, Central Time, US Central
America/Costa_Rica: San José
America/Denver: Colorado, Boulder, Colorado Springs, Salt Lake City, Utah, Albuquerque, New Mexico, Santa Fe, Wyoming, Montana, El Paso, Mountain Time, US Mountain
America/Detroit: Michigan, Ann Arbor
America/Edmonton: Calgary, Alberta, Banff
America/El_Salvador: San Salvador
America/Godthab: Greenland, Nuuk
America/Guatemala: Guatemala City
America/Guayaquil: Ecuador, Quito
America/Guyana: Georgetown
America/Halifax: Nova Scotia
America/Havana: Cuba
America/Indianapolis: Indiana
America/Jamaica: Kingston, Montego Bay
America/La_Paz: Bolivia, Sucre
America/Lima: Peru, Cusco, Cuzco
America/Los_Angeles: LA, L.A., California, San Francisco, SF, San Diego, San Jose, Sacramento, Oakland, Palo Alto, Silicon Valley, Hollywood, Berkeley, Seattle, Washington State, Portland, Oregon, Las Vegas, Nevada, Pacific Time, US Pacific, West Coast
America/Louisville: Kentucky
America/Managua: Nicaragua
America/Mexico_City: Mexico, Guadalajara, Puebla
America/Montevideo: Uruguay
America/Nassau: Bahamas, the Bahamas
America/New_York: NYC, New York City, Manhattan, Brooklyn, Boston, Massachusetts, Cambridge Massachusetts, Philadelphia, Pennsylvania, Pittsburgh, Washington, Washington DC, Washington D.C., Baltimore, Maryland, Atlanta, Georgia USA, Miami, Orlando, Tampa, Jacksonville, Florida, Charlotte, Raleigh, North Carolina, South Carolina, Charleston, Virginia, Richmond, New Jersey, Newark, Connecticut, Hartford, Rhode Island, Providence, Vermont, New Hampshire, Maine, Delaware, Ohio, Cleveland, Cincinnati, Columbus, Buffalo, West Virginia, Eastern Time, US Eastern, East Coast, the US, USA, the USA, United States, the United States, America
America/Panama: Panama City
America/Paramaribo: Suriname
America/Phoenix: Arizona, Tucson, Scottsdale
America/Port-au-Prince: Haiti
America/Port_of_Spain: Trinidad and Tobago, Trinidad
America/Puerto_Rico: San Juan
America/Recife: Natal
America/Regina: Saskatchewan, Saskatoon
America/Santiago: Chile, Valparaíso
America/Santo_Domingo: Dominican Republic
America/Sao_Paulo: Brazil, Brasil, Rio de Janeiro, Rio, Brasília, Belo Horizonte, Curitiba, Porto Alegre
America/St_Johns: Newfoundland, St. John's
America/Tegucigalpa: Honduras
America/Tijuana: Tijuana
America/Toronto: Canada, Ontario, Ottawa, Montréal, Montreal, Quebec, Quebec City, Québec
America/Vancouver: British Columbia, Victoria BC
America/Winnipeg: Manitoba
Antarctica/McMurdo: Antarctica
Asia/Almaty: Kazakhstan, Astana, Nur-Sultan
Asia/Amman: Jordan
Asia/Ashgabat: Turkmenistan
Asia/Baghdad: Iraq, Basra, Mosul
Asia/Bahrain: Manama
Asia/Baku: Azerbaijan
Asia/Bangkok: Thailand, Chiang Mai, Phuket
Asia/Beirut: Lebanon
Asia/Bishkek: Kyrgyzstan
Asia/Brunei: Bandar Seri Begawan
Asia/Calcutta: India, Kolkata, Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Madras, Hyderabad, Pune, Ahmedabad, Jaipur, Goa, Kochi, Lucknow, Surat
Asia/Colombo: Sri Lanka
Asia/Damascus: Syria, Aleppo
Asia/Dhaka: Bangladesh, Chittagong
Asia/Dili: East Timor, Timor-Leste
Asia/Dubai: United Arab Emirates, UAE, the UAE, Abu Dhabi, Sharjah
Asia/Dushanbe: Tajikistan
Asia/Hong_Kong: Hongkong, HK
Asia/Jakarta: Indonesia, Bandung, Surabaya
Asia/Makassar: Bali, Denpasar
Asia/Jerusalem: Israel, Tel Aviv, Haifa
Asia/Kabul: Afghanistan, Kandahar
Asia/Karachi: Pakistan, Lahore, Islamabad, Rawalpindi, Faisalabad, Peshawar
Asia/Katmandu: Nepal, Kathmandu
Asia/Kuala_Lumpur: Malaysia, KL, Penang, Johor Bahru
Asia/Kuwait: Kuwait City
Asia/Macau: Macao
Asia/Manila: Philippines, the Philippines, Quezon City, Cebu, Davao
Asia/Muscat: Oman
Asia/Nicosia: Cyprus, Limassol
Asia/Phnom_Penh: Cambodia, Siem Reap
Asia/Pyongyang: North Korea
Asia/Qatar: Doha
Asia/Rangoon: Myanmar, Burma, Yangon, Naypyidaw, Mandalay
Asia/Riyadh: Saudi Arabia, Mecca, Jeddah, Medina
Asia/Saigon: Vietnam, Ho Chi Minh City, Hanoi, Da Nang
Asia/Seoul: South Korea, Korea, Busan, Incheon, Daegu
Asia/Shanghai: China, Beijing, Peking, Shenzhen, Guangzhou, Canton, Chengdu, Hangzhou, Wuhan, Xi'an, Xian, Nanjing, Tianjin, Suzhou, Qingdao, Dalian, Harbin
Asia/Singapore: Singapore
Asia/Taipei: Taiwan, Kaohsiung
Asia/Tashkent: Uzbekistan
Asia/Tbilisi: Georgia
Asia/Tehran: Iran, Isfahan
Asia/Thimphu: Bhutan
Asia/Tokyo: Japan, Osaka, Kyoto, Nagoya, Sapporo, Yokohama, Fukuoka, Kobe, Hiroshima, Nara, Okinawa
Asia/Ulaanbaatar: Mongolia, Ulan Bator
Asia/Vientiane: Laos
Asia/Yerevan: Armenia
Atlantic/Azores: the Azores, Ponta Delgada
Atlantic/Bermuda: Hamilton Bermuda
Atlantic/Canary: Canary Islands, the Canary Islands, the Canaries, Tenerife, Gran Canaria, Las Palmas, Lanzarote
Atlantic/Cape_Verde: Praia
Atlantic/Faeroe: Faroe Islands, Faroes
Atlantic/Reykjavik: Iceland
Australia/Adelaide: South Australia
Australia/Brisbane: Queensland, Gold Coast, Cairns
Australia/Darwin: Northern Territory
Australia/Hobart: Tasmania
Australia/Melbourne: Victoria
Australia/Perth: Western Australia
Australia/Sydney: Australia, Canberra, New South Wales, Newcastle Australia
Europe/Amsterdam: Netherlands, the Netherlands, Holland, Rotterdam, The Hague, Utrecht, Eindhoven
Europe/Andorra: Andorra la Vella
Europe/Athens: Greece, Thessaloniki, Crete
Europe/Belgrade: Serbia, Novi Sad
Europe/Berlin: Germany, Hamburg, Munich, München, Frankfurt, Cologne, Köln, Stuttgart, Düsseldorf, Leipzig, Dresden, Hanover, Hannover, Nuremberg, Bremen, Dortmund, Essen, Bonn, Heidelberg, Freiburg, Karlsruhe, Central European Time
Europe/Bratislava: Slovakia
Europe/Brussels: Belgium, Antwerp, Ghent, Bruges
Europe/Bucharest: Romania, Cluj, Timisoara
Europe/Budapest: Hungary
Europe/Chisinau: Moldova
Europe/Copenhagen: Denmark, Aarhus
Europe/Dublin: Ireland, Cork, Galway
Europe/Gibraltar: Gibraltar
Europe/Helsinki: Finland, Tampere, Espoo
Europe/Istanbul: Turkey, Türkiye, Ankara, Izmir, Antalya
Europe/Kiev: Ukraine, Kyiv, Lviv, Odesa, Odessa, Kharkiv
Europe/Lisbon: Portugal, Porto, Faro
Europe/Ljubljana: Slovenia
Europe/London: UK, the UK, United Kingdom, the United Kingdom, England, Great Britain, Britain, Scotland, Wales, Northern Ireland, Edinburgh, Glasgow, Manchester, Birmingham, Liverpool, Leeds, Bristol, Belfast, Cardiff, Oxford, Cambridge, Sheffield, Newcastle, Nottingham
Europe/Luxembourg: Luxembourg City
Europe/Madrid: Spain, Barcelona, Valencia, Seville, Sevilla, Málaga, Bilbao, Zaragoza, Granada, Ibiza, Mallorca, Majorca, Palma
Europe/Malta: Valletta
Europe/Minsk: Belarus
Europe/Monaco: Monte Carlo
Europe/Moscow: Russia, St. Petersburg, St Petersburg, Saint Petersburg, Sochi
Europe/Oslo: Norway, Bergen, Trondheim
Europe/Paris: France, Lyon, Marseille, Marseilles, Nice, Toulouse, Bordeaux, Lille, Strasbourg, Nantes, Cannes
Europe/Podgorica: Montenegro
Europe/Prague: Czechia, Czech Republic, the Czech Republic, Brno
Europe/Riga: Latvia
Europe/Rome: Italy, Milan, Milano, Naples, Turin, Florence, Venice, Bologna, Genoa, Palermo, Pisa, Verona, Sicily
Europe/San_Marino: San Marino
Europe/Sarajevo: Bosnia, Bosnia and Herzegovina
Europe/Skopje: North Macedonia, Macedonia
Europe/Sofia: Bulgaria, Varna
Europe/Stockholm: Sweden, Gothenburg, Göteborg, Malmö, Uppsala
Europe/Tallinn: Estonia, Tartu
Europe/Tirane: Albania, Tirana
Europe/Vaduz: Liechtenstein
Europe/Vatican: Vatican City, the Vatican
Europe/Vienna: Austria, Salzburg, Graz, Innsbruck, Linz
Europe/Vilnius: Lithuania, Kaunas
Europe/Warsaw: Poland, Krakow, Kraków, Cracow, Gdansk, Gdańsk, Wroclaw, Wrocław, Poznan, Poznań, Lodz, Łódź
Europe/Zagreb: Croatia, Split, Dubrovnik
Europe/Zurich: Switzerland, Zürich, Geneva, Genève, Basel, Bern, Berne, Lausanne, Lucerne, Lugano, St. Gallen, Winterthur
Indian/Antananarivo: Madagascar
Indian/Mahe: Seychelles, the Seychelles
Indian/Maldives: Malé, the Maldives
Indian/Mauritius: Port Louis
Pacific/Apia: Samoa
Pacific/Auckland: New Zealand, Wellington, Christchurch, Queenstown
Pacific/Fiji: Suva
Pacific/Guam: Hagåtña
Pacific/Honolulu: Hawaii, Maui, Waikiki
Pacific/Port_Moresby: Papua New Guinea
Pacific/Tahiti: French Polynesia, Papeete
Pacific/Tongatapu: Tonga
UTC: GMT, Coordinated Universal Time, Greenwich, Greenwich Mean Time, Zulu
`;
