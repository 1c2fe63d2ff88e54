"""Pages hold what is for everybody; who owns or edits one is declared with Wagtail's own models."""

from people import privacy

privacy.declare_impersonal(
    "cms.HomePage",
    "cms.CataloguePage",
    "cms.StandardPage",
    "cms.CoursePage",
    "cms.SessionPage",
    "cms.LessonPage",
    reason="what is on a page is for everybody; the owner is a field of wagtailcore.Page",
)
privacy.declare_impersonal("cms.QuestionBank", reason="questions are the same for everybody")
privacy.declare_impersonal("cms.TextKey", reason="the names that texts give to pages and activities")
