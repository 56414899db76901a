"""Why a document is not read, worded in both languages, as `corpus.layout.told` fills them in.

    REFUSALS["empty"]   → ("{name} is empty; choose the file that holds the report", "{name} ملف فارغ؛ …")

Words of a parser's own (`why`) stay as it has them.
"""

from __future__ import annotations

from collections.abc import Mapping

REFUSALS: Mapping[str, tuple[str, str]] = {
    # any file
    "not_read": ("{name}: {what} is not read; {read} are", "{name}: لا يُقرأ {what}؛ والصيغ التي تُقرأ هي {read}"),
    "no_extension": ("a name without extension", "ملف بلا لاحقة في اسمه"),
    "translation_memory": (
        "{name}: a TMX holds sentences and no report; export the report as jsonl or akn instead",
        "{name}: يتضمن ملف TMX جملاً لا تقريراً؛ فليُصدَّر التقرير بصيغة jsonl أو akn",
    ),
    "empty": ("{name} is empty; choose the file that holds the report", "{name}: الملف فارغ؛ فليُختر ملف التقرير"),
    "too_large": (
        "{name} has {size} bytes, over the {most} that are read of a {suffix} file; take pictures out, or split the "
        "report",
        "{name}: حجم الملف {size} بايت، ويتجاوز الحد الأقصى لملفات {suffix} وهو {most}؛ فلتُحذف الصور أو ليُقسَّم التقرير",
    ),
    "upload_too_large": (
        "a file has {size} bytes, over {most}; split the report",
        "حجم أحد الملفات {size} بايت، ويتجاوز الحد الأقصى وهو {most}؛ فليُقسَّم التقرير",
    ),
    "misnamed": (
        "{name} is named {suffix}, and holds {what}; give the file its right name",
        "{name}: لاحقة اسم الملف {suffix}، ومحتواه {what}؛ فليُسمَّ الملف باسمه الصحيح",
    ),
    "other_content": (
        "{name} is named {suffix}, and holds {what}; expected it to begin with {expected}",
        "{name}: لاحقة اسم الملف {suffix}، ومحتواه {what}؛ وكان المتوقع أن يبدأ بما يلي: {expected}",
    ),
    "a_pdf": ("a PDF", "وثيقة PDF"),
    "a_zip": ("a zip archive, such as .docx", "محفوظات مضغوطة من قبيل .docx"),
    "old_office": (
        "an old Office file; open it and save it as .docx",
        "وثيقة من إصدار قديم؛ فلتُفتح ثم لتُحفظ بصيغة .docx",
    ),
    "a_picture": ("a picture", "صورة"),
    "rich_text": ("rich text; open it and save it as .docx", "نص منسّق؛ فليُفتح ثم ليُحفظ بصيغة .docx"),
    "a_gzip": ("a gzip archive", "محفوظات مضغوطة"),
    "a_program": ("a program", "برنامج حاسوبي"),
    "something_else": ("something else", "شيء آخر"),
    "too_much_text": (
        "{name}: more than {most} characters of text come out of a file of {size} bytes; split the report",
        "{name}: يُستخرج من ملف حجمه {size} بايت نص يزيد على {most} حرف؛ فليُقسَّم التقرير",
    ),
    "is_an_export": (
        "{name} is an export; `fiqra ingest` reads it as a whole",
        "{name}: ملف مصدَّر يُقرأ برمته عند الإدخال",
    ),
    # text
    "no_utf8": (
        "{name}: byte {at} is no UTF-8 text; save the document as UTF-8 and try again",
        "{name}: البايت رقم {at} ليس نصاً بترميز UTF-8؛ فلتُحفظ الوثيقة بهذا الترميز ثم لتُعَد المحاولة",
    ),
    "no_text_file": (
        "{name}: a NUL stands at character {at}; this is no text file",
        "{name}: في موضع الحرف {at} رمز منعدم لا يرد في النصوص؛ وهذا ليس ملفاً نصياً",
    ),
    # Word
    "no_word": ("{name} is no Word document: {why}", "{name}: ليس وثيقة Word سليمة: {why}"),
    "no_sound_word": (
        "{name} is no Word document, or a damaged one; open it and save it anew",
        "{name}: ليس وثيقة Word، أو هو وثيقة تالفة؛ فلتُفتح ثم لتُحفظ من جديد",
    ),
    "encrypted": (
        "{name} is encrypted or packed in a way that is not read",
        "{name}: ملف مشفّر أو مضغوط بطريقة لا تُقرأ",
    ),
    "many_parts": (
        "{name} has {number} parts, over {most}; save it anew",
        "{name}: عدد أجزاء الملف {number}، والحد الأقصى {most}؛ فليُحفظ من جديد",
    ),
    "unpacks_large": (
        "{name} unpacks to {size} bytes, over {most}; take pictures out",
        "{name}: حجم الملف بعد فك ضغطه {size} بايت، والحد الأقصى {most}؛ فلتُحذف الصور",
    ),
    "twin_parts": (
        "{name} holds two parts of one name, of which programs read one or the other",
        "{name}: في الملف جزآن باسم واحد، تقرأ البرامج هذا أو ذاك منهما",
    ),
    "overlapping_parts": (
        "{name} holds parts that overlap, as no program writes them; save it anew",
        "{name}: في الملف أجزاء متداخلة لا يكتبها أي برنامج؛ فليُحفظ من جديد",
    ),
    "nested_tables": (
        "{name} has tables nested over {most} deep in each other; save it in a plainer form",
        "{name}: في الوثيقة جداول بعضها داخل بعض إلى عمق يتجاوز {most}؛ فلتُحفظ في شكل أبسط",
    ),
    # markup
    "document_type": (
        "{name} declares a document type or entities, which no report needs; save it anew",
        "{name}: يتضمن الملف تصريحاً بنوع الوثيقة أو بكيانات لا يحتاج إليها أي تقرير؛ فليُحفظ من جديد",
    ),
    "entities": (
        "{name} declares entities, which no report needs; save it anew",
        "{name}: يتضمن الملف تصريحاً بكيانات لا يحتاج إليها أي تقرير؛ فليُحفظ من جديد",
    ),
    "no_html": ("{name} is no HTML that can be read: {why}", "{name}: ليس ملف HTML يمكن أن يُقرأ: {why}"),
    "costly_styles": (
        "{name} has style sheets that take too long to apply; save it without them",
        "{name}: في الصفحة أوراق أنماط يطول تطبيقها؛ فلتُحفظ من دونها",
    ),
    "nested_elements": (
        "{name} nests its elements over {most} deep; save it in a plainer form",
        "{name}: في الصفحة عناصر بعضها داخل بعض إلى عمق يتجاوز {most}؛ فلتُحفظ في شكل أبسط",
    ),
    "gave_up": (
        "{name}, line {line}: the parser gave up ({why}); save it in a plainer form",
        "{name}، السطر {line}: تعذّر تحليل الصفحة ({why})؛ فلتُحفظ في شكل أبسط",
    ),
    "no_encoding": (
        "{name} is neither UTF-8 nor in the encoding it declares; save it as UTF-8",
        "{name}: الملف ليس بترميز UTF-8 ولا بالترميز المصرّح به فيه؛ فليُحفظ بترميز UTF-8",
    ),
    "nul_in_page": (
        "{name}: a NUL stands at character {at}; save it as UTF-8 text",
        "{name}: في موضع الحرف {at} رمز منعدم لا يرد في النصوص؛ فليُحفظ الملف نصاً بترميز UTF-8",
    ),
    # PDF
    "locked": (
        "{name} is locked with a password; save it anew, without a password",
        "{name}: الملف مقفل بكلمة سر؛ فليُحفظ من جديد بلا كلمة سر",
    ),
    "no_pdf": (
        "{name} is no PDF that can be read, or damaged; save it anew, without a password",
        "{name}: ليس ملف PDF يمكن أن يُقرأ، أو هو ملف تالف؛ فليُحفظ من جديد بلا كلمة سر",
    ),
    "damaged": ("{name} is damaged: {why}; save it anew", "{name}: الملف تالف: {why}؛ فليُحفظ من جديد"),
    "only_pictures": (
        "{name} holds {number} letters: its pages are pictures; {fix}",
        "{name}: عدد حروف الملف {number}، فصفحاته صور؛ {fix}",
    ),
    "many_pages": (
        "{name} has {number} pages, over {most}; split the report",
        "{name}: عدد صفحات الملف {number}، والحد الأقصى {most}؛ فليُقسَّم التقرير",
    ),
    "many_letters": (
        "{name} holds over {most} letters; split the report",
        "{name}: يزيد عدد حروف الملف على {most}؛ فليُقسَّم التقرير",
    ),
    "crowded_page": (
        "{name}, page {page}, holds {number} letters, over the {most} that are read of a page; print it anew",
        "{name}، الصفحة {page}: عدد حروفها {number}، والحد الأقصى للصفحة {most}؛ فلتُطبع من جديد",
    ),
    "no_such_page": (
        "{name} has {number} pages, and none of the number {page}",
        "{name}: عدد صفحات الملف {number}، وليس فيه صفحة رقمها {page}",
    ),
    "page_not_shown": ("{name}: page {page} cannot be shown: {why}", "{name}: يتعذر عرض الصفحة {page}: {why}"),
    # recognition
    "no_recogniser": (
        "{name}: {program} is not installed here, which --ocr reads with; {install}",
        "{name}: برنامج {program} الذي يُتعرَّف به على النصوص غير مثبَّت هنا؛ {install}",
    ),
    "many_pictures": (
        "{name} has over {most} pages that are pictures, which are read by recognition; split it",
        "{name}: يزيد عدد الصفحات المصوّرة التي ينبغي التعرّف على نصها على {most}؛ فليُقسَّم الملف",
    ),
    "slow_recognition": (
        "{name}: recognising a page took over {most} s of processor time; scan it with fewer dots",
        "{name}: استغرق التعرّف على نص صفحة أكثر من {most} ثانية؛ فلتُمسح ضوئياً بعدد أقل من النقاط",
    ),
    "failed_recognition": (
        "{name}: {program} could not read a page ({why}); {install}",
        "{name}: تعذّر على برنامج {program} أن يقرأ إحدى الصفحات ({why})؛ {install}",
    ),
    # numbers
    "no_numbers": (
        "{name}: no numbered paragraph found; expected lines such as '1- …' or '1. …'",
        "{name}: لم يُعثر على أي فقرة مرقّمة؛ والمتوقع أسطر من قبيل '1- …' أو '1. …'",
    ),
    "between_numbers": (
        "{name}, line {line}: {number} is a number between two others, which fiqra has no way to cite; call it 2 bis, "
        "2 ter … 2 decies, in Arabic ٢ مكررا، ٢ مكررا ثانيا …",
        "{name}، السطر {line}: الرقم {number} واقع بين رقمين ولا سبيل هنا إلى الاستشهاد به؛ فليُكتب ٢ مكررا، ٢ "
        "مكررا ثانيا …، وبالإنكليزية 2 bis، 2 ter … 2 decies",
    ),
    "many_annexes": (
        "{name}, line {line}: over {most} annexes; split the report",
        "{name}، السطر {line}: يزيد عدد المرفقات على {most}؛ فليُقسَّم التقرير",
    ),
    "out_of_order": (
        "{name}, line {line}: found paragraph {found} after {after}, expected {expected}; mend the numbering of the "
        "document, then read it again",
        "{name}، السطر {line}: ترد الفقرة {found} بعد {after}، والمتوقع {expected}؛ فليُصحَّح ترقيم الوثيقة ثم لتُقرأ "
        "من جديد",
    ),
    "none_here": ("none here", "ألا ترد هنا أي فقرة"),
    "strict": (
        "{name}: {what}; mend the document, or read it without --strict",
        "{name}: {what}؛ فلتُصحَّح الوثيقة، أو لتُقرأ من دون --strict",
    ),
    # exports
    "line_no_paragraph": ("{name}, line {line} is no paragraph: {why}", "{name}، السطر {line}: ليس فقرة: {why}"),
    "unnamed_language": (
        "{name} has paragraphs in {language}, which line 1 does not name; export it anew",
        "{name}: في الملف فقرات بلغة ({language}) لا يذكرها السطر 1؛ فليُصدَّر من جديد",
    ),
    "missing_paragraphs": (
        "{name} has {number} paragraphs in {language}, and line 1 says {expected}: some of it is missing; export it "
        "anew",
        "{name}: عدد الفقرات باللغة ({language}) هو {number}، والسطر 1 ينص على {expected}، فبعضه ناقص؛ فليُصدَّر من جديد",
    ),
    "no_record": (
        "{name}, line {line}: {why}; {expected}; export it anew",
        "{name}، السطر {line}: {why}؛ {expected}؛ فليُصدَّر الملف من جديد",
    ),
    "expected_report": ("expected a report of format {number}", "والمتوقع تقرير بالصيغة رقم {number}"),
    "expected_paragraph": ("expected a paragraph", "والمتوقع فقرة"),
    "field_twice": (
        "{name}, line {line}: the field {field} stands there twice; export it anew",
        "{name}، السطر {line}: يتكرر فيه الحقل {field}؛ فليُصدَّر الملف من جديد",
    ),
    "not_exported": (
        "{name} is no Akoma Ntoso document that fiqra exported; only those are read back",
        "{name}: ليس ملفاً بصيغة akn مصدَّراً من فقرة؛ ولا تُقرأ إلا الملفات المصدَّرة منها",
    ),
    "no_akn": (
        "{name} is no Akoma Ntoso document of fiqra's: {why}",
        "{name}: ليس ملفاً بصيغة akn مصدَّراً من فقرة: {why}",
    ),
    "changed_akn": (
        "{name} says “{said}” where “{read}” was read; change the text in the document that the report came from, or "
        "in a jsonl export",
        "{name}: يرد في الملف “{said}” والمقروء “{read}”؛ فليُغيَّر النص في الوثيقة الأصلية للتقرير أو في "
        "ملف مصدَّر بصيغة jsonl",
    ),
    # what reading takes
    "no_name": (
        "the name or the title of a document has bytes that are no text; rename it",
        "في اسم إحدى الوثائق أو عنوانها ما ليس نصاً؛ فليُغيَّر الاسم",
    ),
    "slow_reading": (
        "{name}: reading took over {most} s, at a time when the machine may be busy; try again later, or split it",
        "{name}: استغرقت القراءة أكثر من {most} ثانية، وربما كان الحاسوب مشغولاً؛ فلتُعَد المحاولة لاحقاً أو لتُقسَّم الوثيقة",
    ),
    "costly_reading": (
        "{name}: reading took over {most} s of processor time; save it in a plainer form, or split it",
        "{name}: استغرقت القراءة أكثر من {most} ثانية من وقت المعالج؛ فلتُحفظ الوثيقة في شكل أبسط أو لتُقسَّم",
    ),
    "large_answer": (
        "{name}: over {most} MiB would come of it; split the report",
        "{name}: يزيد ما يُستخرج من الوثيقة على {most} ميغابايت؛ فليُقسَّم التقرير",
    ),
    "large_reading": (
        "{name}: reading takes over {most} MiB of memory; save it in a plainer form, or split it",
        "{name}: تتطلب القراءة أكثر من {most} ميغابايت من الذاكرة؛ فلتُحفظ الوثيقة في شكل أبسط أو لتُقسَّم",
    ),
    "ended_reading": (
        "{name}: reading it ended in {signal}, as where a file asks for over {most} MiB of memory or is built to do "
        "harm; save it anew, in a plainer form",
        "{name}: انقطعت القراءة ({signal})، كما يحدث إذا تطلّب الملف أكثر من {most} ميغابايت من الذاكرة أو كان "
        "ضاراً؛ فليُحفظ من جديد في شكل أبسط",
    ),
    "failed_reading": (
        "{name}: reading it failed on this side (status {status}); the log says why",
        "{name}: أخفقت القراءة من جانب هذه الخدمة (الحالة {status})؛ والسبب مبيَّن في سجلها",
    ),
    "unforeseen": (
        "{name}: reading it failed unforeseen ({why}); save it in a plainer form",
        "{name}: أخفقت القراءة لسبب غير متوقع ({why})؛ فلتُحفظ الوثيقة في شكل أبسط",
    ),
    # the report that it would be
    "one_language": (
        "two documents are in one language ({languages}); give one document a language",
        "وثيقتان بلغة واحدة ({languages})؛ فلتُقدَّم وثيقة واحدة لكل لغة",
    ),
    "no_report_id": (
        "{id} is no report id; 1 to 80 of a-z, 0-9, '.', '_', '-', the first a letter or digit",
        "لا يصلح {id} معرّفاً لتقرير؛ ويتألف المعرّف من 1 إلى 80 من الرموز a-z و0-9 و'.' و'_' و'-'، أولها حرف أو رقم",
    ),
    "not_changed": (
        "{id} comes with fiqra and is not changed here; choose another id",
        "التقرير {id} يأتي مع فقرة ولا يُغيَّر هنا؛ فليُختر معرّف آخر",
    ),
    "not_removed": ("{id} comes with fiqra and is not removed", "التقرير {id} يأتي مع فقرة ولا يُزال"),
    # what a person should look at in a folder that is watched
    "rename": (
        "{why}; rename the file, or put it into a folder of that name",
        "{why}؛ فليُغيَّر اسم الملف، أو ليوضع في مجلد يكون اسمه هو المعرّف",
    ),
    "many_documents": (
        "{number} documents are of {id} ({names}); keep one a language",
        "عدد وثائق التقرير {id} هو {number} ({names})؛ فلتُترك منها وثيقة واحدة لكل لغة",
    ),
    "not_allowed": (
        "{name}: {why}; let the user that fiqra runs as read it",
        "{name}: قراءة الملف غير مسموح بها ({why})؛ فليُؤذن بقراءته للمستخدم الذي تعمل به فقرة",
    ),
    "went_wrong": (
        "something went wrong on this side; the log says what",
        "حدث خطأ من جانب هذه الخدمة؛ وهو مبيَّن في سجلها",
    ),
    "found_in": ("{name}: {what}{more}", "{name}: {what}{more}"),
    "found_at_line": ("{name}: {what} (line {line}){more}", "{name}: {what} (السطر {line}){more}"),
    "and_more": (", and {number} more", "، وملاحظات أخرى عددها {number}"),
    "gone_from_folder": (
        "{what} has gone from the folder and stays in the library",
        "{what}: لم يعد في المجلد، وما زال بين التقارير المتاحة",
    ),
}
