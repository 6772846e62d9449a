"""Whether words say only how somebody looks, and nothing that anybody did. Pure.

Deterministic: the words are compared with lists of descriptions (English and Spanish). Text in
which every word is such a description, or a word that says nothing by itself, is about looks
alone. One word more, and it is taken as it is: a reminder too few is better than one that
doubts what somebody saw.
"""

import re
import unicodedata

# How somebody looks: color, origin, age, sex, build, hair, clothing.
_LOOKS = """
black white brown dark light skinned skin tan pale african american asian hispanic latino latina
latinos latinas latinx mexican arab arabic muslim jewish indian chinese native immigrant immigrants
foreign foreigner foreigners european somali caucasian negro colored race racial
hood hoodie hoody hooded shirt tshirt jacket coat pants jeans shorts cap hat beanie mask masked
baseball style sneakers
shoes boots gloves backpack bag bags clothes clothing dressed wearing wears wore outfit
sweatshirt sweater vest bandana scarf hijab turban headscarf uniform sunglasses glasses sagging
baggy dreads dreadlocks braids cornrows afro beard bearded mustache bald hair haired blond blonde
tattoo tattoos tattooed piercing piercings gold chain chains earring
young old older younger teen teens teenage teenager teenagers youth youths kid kids boy boys girl
girls child children adult elderly middle aged age ages year years
man men male males woman women female females guy guys lady ladies dude dudes person persons people
individual individuals someone somebody stranger strangers couple group gang subject suspect
tall short thin skinny slim fat heavy heavyset big small large huge muscular build stocky feet foot
inches inch height weight pounds lbs
homeless poor rich dirty scruffy shabby messy ugly scary sketchy shady thuggish thug thugs ghetto
red blue green yellow orange purple pink gray grey navy maroon beige black
negro negra negros negras blanco blanca blancos blancas moreno morena morenos morenas prieto prieta
oscuro oscura claro clara piel tez raza color africano africana afroamericano afroamericana
asiatico asiatica hispano hispana latino latina mexicano mexicana arabe musulman judio chino
inmigrante inmigrantes extranjero extranjera extranjeros
capucha sudadera camisa camiseta chaqueta chamarra abrigo pantalon pantalones gorra gorro mascara
cubrebocas tenis zapatos botas guantes mochila bolsa ropa vestido vestida vestidos vestia lleva
llevaba uniforme lentes gafas trenzas rastas barba bigote calvo calva pelo cabello rubio rubia
tatuaje tatuajes tatuado tatuada cadena aretes
joven jovenes viejo vieja viejos mayor adolescente adolescentes muchacho muchacha muchachos
nino nina ninos chico chica chicos adulto anciano edad anos
hombre hombres mujer mujeres tipo tipos sujeto sujetos persona personas alguien senor senora
desconocido desconocida desconocidos grupo pandilla
alto alta altos bajo baja delgado delgada flaco flaca gordo gorda grande fuerte robusto robusta
estatura complexion pies libras kilos
vagabundo indigente pobre sucio sucia feo maleante maleantes cholo cholos pandillero pandilleros
rojo roja azul verde amarillo amarilla naranja morado rosa gris cafe
"""
# Words that say nothing of what was done: being there, being odd, place, time, and small words.
_EMPTY = """
a an the this that these those of in on at by to for from with without and or but so as about near
around into onto over under between up down out off across along beside behind front next
i we you he she it they me us him her them my our your his its their mine who whom which what
am is are was were be been being has have had do does did not no nor never
there here where when then now today yesterday tonight morning afternoon evening night noon day days
week weeks month months hour hours minute minutes ago again always often sometimes lately recently
just only still very really quite too also more most some any all both each every other another
one two three four five six seven eight nine ten few several many couple
looks look looked looking like seems seem seemed appears appear appeared think thought feel feels
felt know known knows knew
suspicious suspiciously suspect strange weird odd unusual unknown unfamiliar different wrong
off bad belong belongs belonged fit fits right place local locals neighbor neighbors
seen saw see noticed spotted before because maybe probably possibly
stands stand stood standing sits sit sat sitting walks walk walked walking stays stay staying
hangs hang hanging passing passed passes loiters loitering loitered present new
neighborhood area block street road avenue lane alley corner sidewalk park lot house houses home
homes building store school bus stop station car cars vehicle truck van bike driving rides riding
please help police thanks thank call concern concerned worried nervous scared afraid uncomfortable
un una unos unas el la los las lo este esta estos estas ese esa esos esas de del en al a por para
con sin y o pero como sobre cerca entre junto frente detras delante hacia
yo nosotros usted el ella ellos ellas me nos le les se mi mis su sus que quien cual
es son era eran esta estan estaba estaban ser estar hay habia ha he han no ni nunca
aqui ahi alli alla donde cuando ahora hoy ayer anoche manana tarde noche dia dias semana semanas mes
meses hora horas hace otra otro vez siempre veces ultimamente
solo muy mas tambien algo todo todos cada uno dos tres cuatro cinco seis siete ocho nueve diez
varios muchos algunos
parece parecen parecia aspecto apariencia pinta cara sospechoso sospechosa sospechosos raro rara
raros extrano extrana desconocido diferente mal malo pertenece encaja creo siento
vi vimos visto veo nunca antes porque quizas
parado parada parados sentado sentada sentados camina caminaba caminando anda andaba andando pasa
pasaba pasando presente nuevo nueva
barrio vecindario colonia zona cuadra calle avenida callejon esquina acera parque lote casa casas
edificio tienda escuela parada autobus carro coche auto camioneta bicicleta manejando
favor ayuda policia gracias vecino vecinos preocupado preocupada miedo nervioso nerviosa
"""


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


_LOOKS_WORDS = frozenset(_plain(_LOOKS).split())
_EMPTY_WORDS = frozenset(_plain(_EMPTY).split())
_WORD = re.compile(r"[^\W\d_]+")


def is_only_looks(*texts: str) -> bool:
    """Whether the texts together describe somebody's looks and nothing that was done.

    False for text without any such description: then there is nothing to remind of.
    """
    # "don't", "t-shirt" and "5'10" come apart; what is left of them says nothing by itself.
    said = [word for text in texts for word in _WORD.findall(_plain(text)) if len(word) > 1]
    if not all(_is_one_of(word, _LOOKS_WORDS | _EMPTY_WORDS | _SHARDS) for word in said):
        return False
    return any(_is_one_of(word, _LOOKS_WORDS - _EMPTY_WORDS) for word in said)


def _is_one_of(word: str, known: frozenset[str]) -> bool:
    """Also as a plural of either language."""
    return bool({word, word.removesuffix("s"), word.removesuffix("es")} & known)


_SHARDS = frozenset({"don", "doesn", "didn", "isn", "wasn", "aren", "weren", "ll", "ve", "re"})
