{#- Where a visit came from: the UTM source when there is one, otherwise what kind of
    site the referrer is; our own pages and no referrer at all are 'direct'. -#}
{% macro traffic_source(page_url, referrer) -%}
    multiIf(
        extractURLParameter({{ page_url }}, 'utm_source') != '',
            lower(decodeURLComponent(extractURLParameter({{ page_url }}, 'utm_source'))),
        {{ referrer }} = '' or domain({{ referrer }}) = domain({{ page_url }}), 'direct',
        match(domainWithoutWWW({{ referrer }}), '(^|\\.)(google|bing|duckduckgo|yahoo|ecosia|baidu)\\.'), 'search',
        match(domainWithoutWWW({{ referrer }}), '(^|\\.)(facebook|instagram|tiktok|twitter|x|t|pinterest|linkedin|youtube|whatsapp)\\.(com|co)$'), 'social',
        'referral'
    )
{%- endmacro %}
