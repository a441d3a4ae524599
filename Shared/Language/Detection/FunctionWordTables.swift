/// Words that every text of a language has, and that questions begin with, as they are written.
extension FunctionWords {
    static let tables: KeyValuePairs<TextLanguage, StaticString> = [
        .english: """
        the of and to in is was for that it with as on by this be are from at not or an which have had were has but
        his her they you we she he its their been will would can there what when who how where why if all more than
        into about other these some may only any also no so could should do does did i my our your out up them then
        """,
        .german: """
        der die das und in zu den von mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat
        dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis
        mehr durch man kann wenn unter ich wir ihr wer was wann wo warum welche welcher welches dieser diese dieses
        keine kein seine ihre wurde wurden sein sowie zwischen gegen
        """,
        .french: """
        le la les de des du un une et en à est que qui dans pour pas sur par plus ce au ne se avec il elle sont ou son
        sa ses cette ces aux nous vous ils mais leur leurs être avoir été fait comme tout si même sans entre peut où
        quand comment pourquoi quel quelle quels quelles combien dont aussi on ont était je mon votre notre après
        avant très deux depuis chez
        """,
        .spanish: """
        de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin
        sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque
        qué cómo cuándo dónde quién cuál cuántos cuánto hay donde quien nos durante uno ni contra otros ese eso ante
        ellos esto antes algunos unos yo otro otras otra él tanto esa estos mucho nada cual sea
        """,
        .italian: """
        di e il la che in un a per è una non sono con si da come del le della al dei più nel ha i gli lo alla delle ma
        anche o dal se questo questa suo sua dalla degli loro essere era stato stata fra tra su dalle ai nella ed
        hanno cui quando dove chi cosa perché quale quali quanto quanti quante quanta poi molto così due ogni solo
        ancora prima dopo tutti tutto nei nelle agli sulla sul mi ti ci noi voi
        """,
        .portuguese: """
        de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua
        ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter
        seus quem nas me esse eles estão você tinha foram essa num nem suas meu às minha têm numa pelos elas havia
        qual onde quanto quantos quais são este esta lhe pelas
        """,
        .galician: """
        de a o que e do da en un para é con non unha os no se na por máis as dos como mais foi ao el das ten á seu súa
        ou ser cando moi hai nos xa está eu tamén só polo pola ata iso ela entre era despois sen mesmo aos ter seus
        quen nas me ese eles están vostede tiña foron esa nun nin súas meu ás miña teñen nunha polos elas había cal
        onde canto cantos cales son este esta lle polas dun dunha
        """,
        .catalan: """
        de la i el que a en les del per un és una amb no al els es se dels més com va o són ha pel seva seu han aquest
        aquesta ser però també entre fins tot sobre on quan què qui quin quina quins quantes quants perquè ja molt
        hi ho seus seves sense així com dos fou era segons des aquests aquestes altres cada després abans durant
        mentre nosaltres vosaltres ells elles jo meu meva teu pot fer fet any anys
        """,
        .romanian: """
        de și în a la cu pe nu este un o să care din că mai se pentru au fost sau ca al ale lui fi ce sunt dar prin
        după între cum am era către fără până sa său lor ei acest această aceste acestea acesta unde când cine cât
        câți câte care despre doar foarte toate tot dacă avea are fie noi voi eu tu el ea ele iar sub asupra deși
        astfel fiind unor unei unui cei cele cea cel
        """,
        .dutch: """
        de het een van en in is dat op te voor met zijn niet aan er om ook als dan maar die door over bij uit naar tot
        deze dit heeft worden wordt was werd of nog wel hij zij ze we wij kan kunnen geen meer moet zich hun haar
        hebben onder tussen waar wanneer wie wat waarom hoe welke hoeveel omdat zoals tegen na zou dus al toen zo
        je jij u ik mijn ons onze
        """,
        .swedish: """
        och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när år
        under också efter eller nu sin där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här
        då sedan över bara in blir upp även vad vem hur varför vilken vilket vilka vart man hon detta denna dessa
        mellan utan dem deras sina blev varit
        """,
        .danish: """
        og i at det er en til af på for med den der som de ikke et har han men var jeg sig fra vi så kan når år under
        også efter eller nu sin hvor ved mod skal skulle kommer ud får findes være havde alle andre meget end her da
        siden over bare ind bliver op hvad hvem hvordan hvorfor hvilken hvilket hvilke hvornår man hun dette denne
        disse mellem uden dem deres blev været mig dig kun noget nogle sådan
        """,
        .norwegian: """
        og i at det er en til av på for med den som de ikke et har han men var jeg seg fra vi så kan når år under også
        etter eller nå sin hvor ved mot skal skulle kommer ut får finnes være hadde alle andre mye enn her da siden
        over bare inn blir opp hva hvem hvordan hvorfor hvilken hvilket hvilke man hun dette denne disse mellom uten
        dem deres ble vært meg deg å ei ikkje eg dei frå kva kvifor korleis berre bli noe noen slik
        """,
        .finnish: """
        ja on ei että se oli ovat hän mutta joka kun myös sen ole niin tai kuin olla siitä jos mukaan vain mitä sitä ne
        jo nyt hänen tämä olisi vielä kuitenkin voi sekä jonka ollut jotka koska mikä missä miksi milloin kuka miten
        kuinka montako paljonko minkä kenen tämän niiden ennen jälkeen kanssa sitten eivät olivat minä sinä me te he
        kaikki toinen ensimmäinen vuonna joiden jossa josta johon tästä näin
        """,
        .hungarian: """
        a az és hogy nem is egy ez azt meg de el van volt csak már ha mint még vagy sem ki be fel le itt ott így úgy
        mert amely amelyek aki amit ezt ezek azok lesz lehet kell között után előtt alatt szerint pedig majd
        nagyon minden más több során által valamint mi mit mikor hol miért hogyan melyik mennyi hány kinek meddig
        hová én te ő mi ti ők ennek annak ezért volna voltak
        """,
        .turkish: """
        ve bir bu da de için ile olarak olan çok daha en gibi ne var o kadar sonra ama ise her olduğu göre mi değil
        tarafından iki ya yok olduğunu bunu şu ancak önce kendi ben sen biz siz onlar hangi nasıl neden niçin kim
        kime nerede nereye zaman kaç veya ki diye üzerinde arasında bütün tüm hiç şey yeni bazı başka ilk içinde
        oldu olur olup eden edilen etmek
        """,
        .polish: """
        w i na z się do nie to że o jest od za po przez dla jak który która które ale są być był była było co tak oraz
        ze czy tylko jego jej ich już może przed pod lub a także ten ta tego tej tym tych przy między bez kiedy gdzie
        kto dlaczego ile jaki jaka jakie czego komu nad roku został została bardzo jako jednak można ma mają będzie
        """,
        .czech: """
        a v se na je že s z o do to i ve k pro za by ale si po jako od jsou který která které byl byla bylo jeho jen
        nebo ze při tak až jsem být aby má také než co už však podle mezi jejich před tím kde kdy kdo proč jak kolik
        jaký jaká jaké čeho komu této tento tato toto tyto ji jej může mohou není bude budou ještě velmi pouze který
        """,
        .slovak: """
        a v sa na je že s z o do to aj vo k pre za by ale si po ako od sú ktorý ktorá ktoré bol bola bolo jeho len
        alebo zo pri tak až som byť aby má tiež než čo už však podľa medzi ich pred tým kde kedy kto prečo koľko
        aký aká aké čoho komu tejto tento táto toto tieto ju môže môžu nie bude budú ešte veľmi iba ktorého boli
        """,
        .croatian: """
        i u je na se da za su od s a o kao do koji koja koje ali iz ne po sa to bio bila bilo su biti te ili samo što
        više prema između nakon prije gdje kada tko zašto kako koliko koji kakav čiji ovaj ova ovo ovi taj ta to
        njegov njezin svoje svoj može mogu nije nisu bude bit će tijekom uz kod pri pod nad jer ako dok još već vrlo
        također uvjeti tjedan vrijeme
        """,
        .serbian: """
        и у је на се да за су од с а о као до који која које али из не по са то био била било бити те или само што
        шта више према између након пре где када ко зашто како колико какав чији овај ова ово ови тај та његов њен
        своје свој може могу није нису буде ће током уз код при под над јер ако док још већ веома такође
        i u je na se da za su od kao koji koja koje ali iz ne po sa to bio bila bilo ili samo što šta više prema
        između nakon pre gde kada ko zašto kako koliko kakav njegov njen svoje može mogu nije nisu će tokom jer
        veoma takođe vreme nedelja
        """,
        .russian: """
        и в не на что с по как из у за от он к его это для но а то все так было о же бы был до или если также были
        была ее их при уже чтобы только более может которые который которая быть есть когда где кто почему зачем
        сколько какой какая какие каким чем кого этого этой этот эта эти они мы вы я она во со ли без под над между
        после перед ещё еще очень себя том того является
        """,
        .ukrainian: """
        і в у не на що з та до за як від його це для але а й то всі так було про же би був або якщо також були була її
        їх при вже щоб тільки більш може які який яка яке бути є коли де хто чому навіщо скільки якого якої чим
        кого цього цієї цей ця ці вони ми ви я вона зі із без під над між після перед ще дуже себе тому того
        """,
        .bulgarian: """
        и на в се от за да е с по не са като че си до със или но при който която което които след като най през това
        беше бил била било са тази този тези ще може само така които има още между към без под над преди също какво
        кой коя кое кога къде защо как колко кого чий те той тя ние вие аз го му ги им ѝ много повече където когато
        """,
        .greek: """
        και το της του η ο να που με από την για στο τη είναι των στην τα οι τον ένα θα δεν σε ως τις στη μια τους ότι
        αυτό στα αλλά κατά μετά ή αν όπως όταν έχει ήταν πολύ αυτή αυτός μας σας πως τι ποιος ποια ποιο πότε πού
        γιατί πόσο πόσα πόσες ένας μία χωρίς πριν μόνο κάθε μέσα επίσης στις στους υπό προς μεταξύ έχουν
        """,
        .indonesian: """
        yang dan di ini dengan untuk dari dalam tidak pada adalah itu akan juga ke oleh karena telah ada atau sebagai
        bahwa dapat lebih mereka saya kami kita dia ia bisa harus sudah saat setelah antara seperti para tersebut
        menjadi secara hanya banyak kepada anda apa siapa kapan mengapa bagaimana berapa mana dimana kenapa namun
        tetapi jika maka sangat lain semua masih belum bukan hingga sejak serta
        """,
        .vietnamese: """
        và của là có trong được cho các một với không những để người này từ đã khi vào ra về ở như nhiều tại đến
        năm hay cũng theo nhưng bởi do nếu thì mà sẽ đang rất trên dưới sau trước giữa ai gì nào đâu sao bao nhiêu
        thế tôi chúng họ nó bạn ông bà việc cách phải đó đây nên lại hơn cùng bị
        """,
        .arabic: """
        في من على إلى أن التي الذي عن هذا هذه مع كان كانت لا ما بعد قبل كل بين ذلك تلك هو هي هم قد لم لن كما أو ثم حيث
        عند حتى أي غير خلال منذ إذا لكن ليس فيها فيه منها منه عليه عليها له لها به بها وقد وفي ومن وهو وهي متى أين كيف
        لماذا هل كم ماذا الذين بعض أكثر أيضا يكون تكون هناك لأن نحو
        """,
        .persian: """
        و در به از که این را با است برای آن یک خود تا کرد بر هم نیز شد می شده بود ها های دارد ما اما یا باید هر او من
        آنها دو اگر همه چه چرا کجا کی چگونه چند کدام چقدر ولی پس بین پیش بعد هنوز نیست شود کند کنند بودند هستند دیگر
        وی همین سال باشد مورد طور روی بدون درباره هیچ چون
        """,
        .hebrew: """
        של את על לא הוא זה עם כי גם היא או אל יש אם אני כל מה אך היה הם כמו רק בין היתה הייתה היו עד לפני אחרי אחר יותר
        כדי אבל אין להיות זו אלה אשר אותו אותה לו לה להם שלו שלה שלהם מי מתי איפה היכן איך למה מדוע כמה איזה איזו אילו
        ידי תחת אנחנו אתה אתם הן שם כאן עוד מאוד ביותר ללא לאחר
        """,
        .hindi: """
        के में है की और से का को हैं पर ने एक यह भी इस हो कि था जो लिए वह अपने तो ही थे थी या द्वारा कर साथ बाद तक नहीं
        गया दिया किया उस इन उन ये वे इसके उनके अपनी जा रहा रहे रही करने करते होता होती होते हुए हुआ हुई जब कब कहाँ
        कौन क्या क्यों कैसे कितना कितने कितनी किस कुछ सभी बहुत अब यदि लेकिन तथा एवं
        """,
    ]
}
