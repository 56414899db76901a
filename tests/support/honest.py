"""What an honest model might write: each row says in other words what its paragraph says.

The thresholds of `service.generation.proof` were set without these; the word lists of `service.facts` were mended with them.
"""
# ruff: noqa: E501 - a row is a line

from __future__ import annotations

from corpus.records import Language

PARAPHRASES: list[tuple[Language, str, str]] = [
    ("en", "1(b)", "The Secretariat prepared a working paper on what the COVID-19 pandemic meant for crime prevention (A/CONF.234/15)."),
    ("en", "2", "Experts moderated the three meetings; one of them was Han-kyun Kim of the Korean Institute of Criminology."),
    ("en", "3", "At the fourth meeting, Hayato Shigekawa of Chainalysis was among the panellists who discussed cryptocurrencies."),
    ("en", "4", "The Russian Federation, Morocco, Indonesia and other States spoke."),
    ("en", "5", "Irakli Beridze of UNICRI took part in the panel discussion on the use of technology and trafficking in persons."),
    ("en", "7", "Cheol-kyu Hwang of the International Association of Prosecutors was the keynote speaker on artificial intelligence."),
    ("en", "9", "Two panellists pointed to successful coordinated operations against darknet markets."),
    ("en", "9", "Other panellists spoke of 3D-printed firearms and of the threat of \"hybrid firearms\"."),
    ("en", "10", "The right to privacy needs to be taken into account when cybercrime is prevented and investigated."),
    ("en", "11", "National authorities and communications service providers should cooperate to preserve data and give access to it."),
    ("en", "13", "Some speakers saw the Expert Group as a platform for exchanging information on measures against cybercrime."),
    ("en", "14", "Technology such as blockchain can help trace illicit financial flows and so support policies against trafficking in persons."),
    ("en", "16", "Many speakers regarded multi-stakeholder strategies as a vital element of preventing cybercrime."),
    ("en", "17", "UNICRI established the Centre for Artificial Intelligence and Robotics to improve knowledge of the risks and benefits."),
    ("en", "19", "A speaker asked whether the admissibility of data obtained through artificial intelligence had been raised in any cases."),
    ("en", "20", "UNODC has developed tools such as the Directory of Competent National Authorities."),
    ("en", "21(a)", "Law enforcement authorities should work with the private sector and security researchers to support online investigations."),
    ("en", "21(c)", "New technologies can be applied to the marking, record-keeping and tracing of firearms."),
    ("en", "21(f)", "Citizens could report trafficking in persons anonymously and submit electronic evidence by mobile phone."),
    ("en", "21(j)", "Legal frameworks should keep pace with technological developments, including artificial intelligence."),
    ("ar", "1(b)", "أعدت الأمانة ورقة عمل عن المستجدات الناجمة عن جائحة كوفيد-19 (A/CONF.234/15)."),
    ("ar", "2", "كان هان-كيون كيم من المعهد الكوري لعلم الإجرام أحد الخبراء الذين أداروا الجلسات الثلاث."),
    ("ar", "3", "تحدث هياتو شيغيكوا من شركة Chainalysis في الجلسة الرابعة عن العملات المشفرة."),
    ("ar", "4", "تكلم ممثلون عن الاتحاد الروسي والمغرب وإندونيسيا."),
    ("ar", "9", "أشار متحاوران اثنان إلى نجاح عمليات تفكيك أسواق الشبكة الخفية."),
    ("ar", "10", "شدد متكلمون على ضرورة تدريب السلطات المختصة."),
    ("ar", "11", "رحب بعض المتكلمين بإنشاء لجنة خبراء عملاً بقرار الجمعية العامة 247/74."),
    ("ar", "13", "اعتبر بعض المتكلمين فريق الخبراء منصة لتبادل المعلومات عن التدابير المتخذة لمواجهة الجريمة السيبرانية."),
    ("ar", "14", "أتاح الإنترنت ووسائط التواصل الاجتماعي فرصاً جديدة للاستغلال في الاتجار بالأشخاص وتهريب المهاجرين."),
    ("ar", "16", "أيد أحد المتكلمين التعاون مع سلطات الهجرة الوطنية لفهم أساليب عمل شبكات الاتجار بالبشر."),
    ("ar", "17", "أنشئ مركز الذكاء الاصطناعي والروبوتيات لتحسين المعرفة بمخاطر هذه التكنولوجيات وفوائدها."),
    ("ar", "19", "سُئل عما إذا كانت هناك قضايا أثيرت فيها مسألة مقبولية البيانات المستمدة من الذكاء الاصطناعي."),
    ("ar", "21(a)", "ينبغي لسلطات إنفاذ القانون أن تتعاون مع القطاع الخاص والباحثين لدعم التحقيقات عبر الإنترنت."),
    ("ar", "21(c)", "يمكن استخدام التكنولوجيات الجديدة في وسم الأسلحة النارية وحفظ سجلاتها."),
    ("ar", "21(f)", "يمكن للمواطنين تقديم أدلة إلكترونية عن طريق الهواتف المحمولة."),
    ("ar", "21(j)", "ينبغي أن تواكب الأطر القانونية التطورات التكنولوجية، ومنها الذكاء الاصطناعي."),
]  # fmt: skip
