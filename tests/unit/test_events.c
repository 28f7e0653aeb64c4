/* Events: rows come back in order, ids are salted, damage is noticed. */
#include "../check.h"

#include "base/file.h"
#include "record/events.h"

#include <stdio.h>
#include <string.h>

static const char uuid[37] = "0b7020e0-95ca-4bfc-bd3b-ca4d3638b727";
static const char other[37] = "0b7020e0-95ca-4bfc-bd3b-ca4d3638b728";
static char path[4096];

static void events_come_back(void)
{
    struct nd_events e = {0}, back = {0};
    struct nd_error err = {0};
    for (uint32_t i = 0; i < 5000; i++)
        CHECK_INT(nd_events_add(&e, i / 100, (enum nd_event_kind)(i % 3), i * 0x9e3779b97f4a7c15u),
                  0);
    CHECK_INT(nd_events_write(&e, NULL, path, &err), 0);
    CHECK_INT(nd_events_load(&back, path, &err), 0);
    CHECK_STR(err.msg, "");
    CHECK_INT(back.n, 5000);
    for (uint32_t i = 0; i < back.n; i++)
        if (!CHECK(back.v[i].revision == i / 100 && back.v[i].kind == i % 3 &&
                   back.v[i].id == i * 0x9e3779b97f4a7c15u))
            break;
    nd_events_free(&e);
    nd_events_free(&back);
}

static void events_follow_older_ones(void)
{
    struct nd_events e = {0}, back = {0};
    struct nd_error err = {0};
    char second[4200];
    snprintf(second, sizeof second, "%s.2", path);
    for (uint32_t i = 0; i < 100000; i++) /* more than is copied at once */
        CHECK_INT(nd_events_add(&e, 1, ND_EVENT_ADDED, i), 0);
    CHECK_INT(nd_events_write(&e, NULL, path, &err), 0);
    e.n = 0;
    CHECK_INT(nd_events_add(&e, 2, ND_EVENT_CHANGED, 77), 0);
    CHECK_INT(nd_events_write(&e, path, second, &err), 0);
    CHECK_INT(nd_events_load(&back, second, &err), 0);
    if (CHECK_INT(back.n, 100001)) {
        CHECK(back.v[99999].id == 99999 && back.v[99999].revision == 1);
        CHECK(back.v[100000].id == 77 && back.v[100000].kind == ND_EVENT_CHANGED);
    }
    CHECK_INT(nd_events_write(&e, "/nowhere/events-1", second, &err), ND_MISSING);
    nd_events_free(&e);
    nd_events_free(&back);
}

static void events_of_nothing(void)
{
    struct nd_events e = {0};
    struct nd_error err = {0};
    CHECK_INT(nd_events_write(&e, NULL, path, &err), 0);
    CHECK_INT(nd_events_load(&e, path, &err), 0);
    CHECK_INT(e.n, 0);
    nd_events_free(&e);
}

static void events_salt_ids(void)
{
    CHECK(nd_event_id(uuid, "a-1", 3) == nd_event_id(uuid, "a-1", 3));
    CHECK(nd_event_id(uuid, "a-1", 3) != nd_event_id(uuid, "a-2", 3));
    CHECK(nd_event_id(uuid, "a-1", 3) != nd_event_id(other, "a-1", 3));
}

static void events_notice_damage(void)
{
    struct nd_events e = {0};
    struct nd_buf b;
    struct nd_error err = {0};
    nd_buf_init(&b, 1 << 20);
    for (uint32_t i = 0; i < 20; i++)
        CHECK_INT(nd_events_add(&e, i, ND_EVENT_ADDED, i), 0);
    CHECK_INT(nd_events_write(&e, NULL, path, &err), 0);
    nd_events_free(&e);
    CHECK_INT(nd_file_read(&b, path, &err), 0);
    for (size_t i = 0; i < b.len; i++) {
        b.data[i] ^= 0x10;
        CHECK_INT(nd_file_write(path, b.data, b.len, &err), 0);
        b.data[i] ^= 0x10;
        CHECK_INT(nd_events_load(&e, path, &err), ND_CORRUPT);
        CHECK_INT(nd_file_write(path, b.data, i, &err), 0);
        CHECK_INT(nd_events_load(&e, path, &err), ND_CORRUPT);
        nd_events_free(&e);
    }
    CHECK_INT(nd_events_load(&e, "/nowhere/events-1", &err), ND_MISSING);
    nd_events_free(&e);
    nd_buf_free(&b);
}

int main(void)
{
    snprintf(path, sizeof path, "%s/events-1", check_dir());
    RUN(events_come_back);
    RUN(events_follow_older_ones);
    RUN(events_of_nothing);
    RUN(events_salt_ids);
    RUN(events_notice_damage);
    return check_done();
}
