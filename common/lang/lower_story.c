/* story:ID: the articles of the story that an article is in, or that is named by it; always with the article itself. */
#include "lang/lower_in.h"

#include "record/stories.h"

static int add_id(struct lower *l, const struct nd_node *node, struct nd_str id, struct plans *list)
{
    struct nd_plan *p;
    int rc = plan_term(l, node, nd_schema_find("id", 2)->prefix, id.p, id.n, &p);
    return rc || p->estimate == 0 ? rc : plans_push(l, list, p);
}

int lower_story(struct lower *l, const struct nd_node *node, struct nd_plan **out)
{
    struct plans list = {0};
    int rc = add_id(l, node, node->text, &list);
    for (size_t i = 0; rc == 0 && i < l->ix->folders_n; i++) {
        const struct nd_derived *d;
        struct nd_stories s;
        struct nd_story story;
        rc = nd_folder_derived(&l->ix->folders[i], &d, l->err);
        if (rc || !d || !nd_stories_of(&s, d) ||
            !nd_stories_row(&s, nd_stories_find_id(&s, node->text.p, node->text.n), &story))
            continue;
        for (uint32_t k = 0; rc == 0 && k < story.n; k++) {
            struct nd_story_member m;
            if (nd_stories_member(&s, nd_stories_nth(&s, story.first + k), &m))
                rc = add_id(l, node, m.id, &list);
        }
    }
    return rc ? rc : plan_or(l, node, &list, false, out);
}
