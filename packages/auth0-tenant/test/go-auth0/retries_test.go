package goauth0

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/auth0/go-auth0"
	"github.com/auth0/go-auth0/management"
)

// The faults are those that run.ts asks the tenant for; each test meets one of its own.

// As the Terraform provider 1.53 retries, of which Pulumi's is made: these statuses, three times, whatever the method.
var provider = management.WithRetryStrategy(management.RetryStrategy{
	MaxRetries: 3,
	Statuses: []int{
		http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	},
})

func TestRetriesAfterTooManyRequests(t *testing.T) {
	t.Parallel()
	_, err := open(t).Organization.ReadByName(ctx, "limited-twice")
	// It got through: nobody has this name.
	wantError(t, err, 404, "")
}

func TestGivesUpAfterThreeTooManyRequests(t *testing.T) {
	t.Parallel()
	_, err := open(t).Organization.ReadByName(ctx, "limited-thrice")
	wantError(t, err, 429, "Global limit has been reached")
}

func TestDoesNotRetryUnavailableUnlessToldTo(t *testing.T) {
	t.Parallel()
	api := open(t)
	_, err := api.Organization.ReadByName(ctx, "unavailable")
	wantError(t, err, 503, "Service Unavailable")
	_, err = api.Organization.ReadByName(ctx, "unavailable")
	wantError(t, err, 404, "")
}

func TestProviderRetriesUnavailable(t *testing.T) {
	t.Parallel()
	_, err := open(t, provider).Organization.ReadByName(ctx, "unavailable-for-the-provider")
	wantError(t, err, 404, "")
}

// The write landed, its answer was lost: where names are unique, the retry meets what the first try has made.
func TestRetryOfALandedOrganizationIsAConflict(t *testing.T) {
	t.Parallel()
	api := open(t, provider)
	err := api.Organization.Create(ctx, &management.Organization{Name: auth0.String("landed")})
	wantError(t, err, 409, "already exists")
	_, err = api.Organization.ReadByName(ctx, "landed")
	must(t, err)
}

// Where they are not, there are two.
func TestRetryOfALandedClientMakesTwo(t *testing.T) {
	t.Parallel()
	api := open(t, provider)
	newClient(t, api, "Landed")
	list, err := api.Client.List(ctx, management.IncludeFields("name"))
	must(t, err)
	found := 0
	for _, client := range list.Clients {
		if client.GetName() == "Landed" {
			found++
		}
	}
	want(t, "number of clients", found, 2)
}

func TestRetriesAfterAResetConnection(t *testing.T) {
	t.Parallel()
	api := open(t)
	server := newAPI(t, api, "https://api.example/reset")
	read, err := api.ResourceServer.Read(ctx, "https://api.example/reset")
	must(t, err)
	want(t, "id", read.GetID(), server.GetID())
}

// The status has come already, so there is no retry; the write has landed.
func TestFailsOnATruncatedAnswer(t *testing.T) {
	t.Parallel()
	api := open(t)
	user := &management.User{
		Connection: auth0.String("Username-Password-Authentication"),
		Email:      auth0.String("truncated@retries.example"),
		Password:   auth0.String("correct horse"),
	}
	err := api.User.Create(ctx, user)
	if err == nil || !strings.Contains(err.Error(), "EOF") {
		t.Fatalf("want an unexpected EOF, got %v", err)
	}
	users, err := api.User.ListByEmail(ctx, "truncated@retries.example")
	must(t, err)
	want(t, "number of users", len(users), 1)
}

func TestRetriesAnAnswerThatTakesTooLong(t *testing.T) {
	t.Parallel()
	strategy := management.RetryStrategy{MaxRetries: 1, PerAttemptTimeout: time.Second}
	_, err := open(t, management.WithRetryStrategy(strategy)).Organization.ReadByName(ctx, "slow")
	wantError(t, err, 404, "")
}

// The tenant of this test has the rate limits of a free plan: two at once, then two a second.
func TestRateLimits(t *testing.T) {
	patient := management.RetryStrategy{MaxRetries: 20, Statuses: []int{http.StatusTooManyRequests}}
	api := open(t, management.WithRetryStrategy(patient))
	const organizations = 8
	failed := make(chan error, organizations)
	for _, name := range strings.Split("abcdefgh", "") {
		go func() {
			failed <- api.Organization.Create(ctx, &management.Organization{Name: auth0.String("limited-" + name)})
		}()
	}
	for range organizations {
		must(t, <-failed)
	}
	list, err := api.Organization.List(ctx)
	must(t, err)
	want(t, "number of organizations", len(list.Organizations), organizations)
}

// The first token request has the credentials in its Authorization header; after any failure there is one with them in its body.
func TestTokenRequestIsTriedInItsOtherForm(t *testing.T) {
	_, err := open(t).Organization.List(ctx)
	must(t, err)
}

func TestTokenRequestIsNotTriedAThirdTimeWithoutRetries(t *testing.T) {
	_, err := open(t, management.WithNoRetries()).Organization.List(ctx)
	if err == nil || !strings.Contains(err.Error(), "oauth2: \"Service Unavailable\"") {
		t.Fatalf("want the token endpoint's 503, got %v", err)
	}
}

// A token that cannot be had is to go-auth0 an error of the connection, which it retries by default.
func TestTokenRequestIsTriedInBothFormsAgainWithRetries(t *testing.T) {
	_, err := open(t).Organization.List(ctx)
	must(t, err)
}
